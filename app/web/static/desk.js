// SPDX-FileCopyrightText: 2026 Waarmerk contributors
// SPDX-License-Identifier: EUPL-1.2
// Comfort for who sits at the desk all day: keys, and a warning before typed text is lost. Everything works without it.
"use strict";
{
  const OFF = "waarmerk-keys-off";
  const find = (what) => document.querySelector(what);
  const dialog = find("#keys");

  // A store that is closed to us (a private window, a policy of the browser) means: as it is by default.
  const remembered = () => {
    try {
      return localStorage.getItem(OFF) === "yes";
    } catch {
      return false;
    }
  };
  const remember = (off) => {
    try {
      localStorage.setItem(OFF, off ? "yes" : "no");
    } catch {
      // It holds for this page, then.
    }
  };
  let off = remembered();

  const press = (what) => {
    const target = find(what);
    if (target) target.click();
    return Boolean(target);
  };
  const reach = (what) => {
    const target = find(what);
    if (!target) return false;
    target.scrollIntoView({ block: "center" });
    target.focus();
    return true;
  };
  const unfold = (what) => {
    const summary = find(what);
    if (!summary) return false;
    const details = summary.parentElement;
    details.open = true;
    details.querySelector("select, textarea").focus();
    details.scrollIntoView({ block: "nearest" });
    return true;
  };
  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-open]")];
    if (!rows.length) return false;
    const here = rows.findIndex((row) => row.closest("li").contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
    rows[next].focus();
    return true;
  };
  // In a list the row at hand is taken on; on the page of a text there is one button for it.
  const claim = () => {
    if (!find("[data-queue]")) return press("[data-claim]");
    const row = document.activeElement.closest("[data-queue] > li");
    const button = row && row.querySelector("[data-claim]");
    if (button) button.click();
    return Boolean(button);
  };

  const acts = {
    j: () => step(1),
    k: () => step(-1),
    c: claim,
    e: () => unfold("[data-edit]"),
    a: () => reach("[data-approve]"),
    r: () => unfold("[data-reject]"),
    "?": () => {
      if (dialog) dialog.showModal();
      return Boolean(dialog);
    },
  };

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  document.addEventListener("keydown", (event) => {
    if (off || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (!(event.target instanceof Element) || typing(event.target) || (dialog && dialog.open)) return;
    const act = Object.hasOwn(acts, event.key) && acts[event.key];
    if (act && act()) event.preventDefault();
  });

  if (dialog) {
    const box = find("#keys-on");
    box.checked = !off;
    box.addEventListener("change", () => {
      off = !box.checked;
      remember(off);
    });
    find("#keys-close").addEventListener("click", () => dialog.close());
    find("#keys-open").addEventListener("click", () => dialog.showModal());
    find("#keys-hint").hidden = false;
  }

  let leaving = false;
  document.addEventListener("submit", () => {
    leaving = true;
  });
  const changed = () =>
    [...document.querySelectorAll("[data-guard] textarea")].some((area) => area.value !== area.defaultValue);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && changed()) event.preventDefault();
  });

  // After an act the news stands first: say it, and let Tab go on from there; unless somebody was faster than a slow line.
  const news = find("[data-news]");
  if (news && document.activeElement === document.body) news.focus();
}
