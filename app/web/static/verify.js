// SPDX-FileCopyrightText: 2026 Waarmerk contributors
// SPDX-License-Identifier: EUPL-1.2
//
// Comfort for verify, nothing that it needs: a text file that is chosen or dropped is read here, in the browser, into the field
// for the text. What is sent is what one sees there.

const field = document.getElementById("text");
const chooser = document.getElementById("file");
const said = document.getElementById("file-said");
const MOST_BYTES = 1 << 20;

async function read(file) {
  try {
    if (file.size > MOST_BYTES) throw new RangeError("too long");
    field.value = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    said.textContent = said.dataset.read;
    field.focus();
  } catch {
    said.textContent = said.dataset.wrong;
  }
}

chooser.addEventListener("change", () => chooser.files.length && read(chooser.files[0]));
field.addEventListener("dragover", (event) => {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
});
field.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  read(event.dataTransfer.files[0]);
});
document.getElementById("file-field").hidden = false;
