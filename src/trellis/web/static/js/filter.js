// Narrows a list while typing. The list is complete without it.
//   <div data-filter="ROWS-ID" hidden> label, input, <p data-filter-count> </div>
//   rows are the children of #ROWS-ID; data-filter-text replaces their own text
"use strict";

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function narrow(box) {
  const rows = document.getElementById(box.dataset.filter);
  if (!rows) return;
  const words = plain(box.querySelector("input").value).split(/\s+/).filter(Boolean);
  let shown = 0;
  Array.from(rows.children).forEach((row) => {
    const text = plain(row.dataset.filterText || row.textContent);
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) shown += 1;
  });
  const count = box.querySelector("[data-filter-count]");
  if (count) count.textContent = words.length ? `${shown} / ${rows.children.length}` : "";
}

function prepare() {
  document.querySelectorAll("[data-filter]").forEach((box) => {
    box.hidden = false;
    if (box.dataset.filterReady) {
      narrow(box);
    } else {
      box.dataset.filterReady = "true";
      box.querySelector("input").addEventListener("input", () => narrow(box));
    }
  });
}

document.addEventListener("DOMContentLoaded", prepare);
document.addEventListener("htmx:afterSettle", prepare);
