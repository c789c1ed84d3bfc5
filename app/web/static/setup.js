// SPDX-FileCopyrightText: 2026 Waarmerk contributors
// SPDX-License-Identifier: EUPL-1.2
// The code of a setup link stands behind its "#", which only this page can read: fill it in, and take it out of the address bar.
"use strict";
const field = document.getElementById("secret");
if (field && !field.value && location.hash.length > 1) {
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  if (document.activeElement === document.body || document.activeElement === field) document.getElementById("password").focus();
}
