// The list of a session never takes away what somebody is choosing: while a reason is
// open or a control of the list has the focus, it waits with asking for news.
"use strict";

function isChoosing(board) {
  const active = document.activeElement;
  const isInControl = active && board.contains(active) && active.matches("input, select, textarea");
  return isInControl || board.querySelector("details[open]") !== null;
}

let focused = null;

// What was chosen is saved: the choice is over, and the list may show it.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!event.detail.successful || !form.matches(".g-marks")) return;
  form.querySelectorAll("details[open]").forEach((choice) => { choice.open = false; });
  if (document.activeElement.matches("input, select, textarea")) document.activeElement.blur();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const board = event.detail.elt;
  if (board.id !== "board") return;
  const why = event.detail.requestConfig.triggeringEvent;
  if (isChoosing(board) && !(why && why.type === "session-changed")) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const board = event.detail.target;
  if (board.id !== "board") return;
  if (isChoosing(board)) {
    event.detail.shouldSwap = false; // asked for before the choice began: it comes again
    return;
  }
  const row = document.activeElement && document.activeElement.closest("#board [id^=place-]");
  focused = row ? row.id : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "board" || !focused) return;
  const next = document.getElementById(focused);
  const control = next && next.querySelector("button, a, summary");
  if (control) control.focus({ preventScroll: true });
  focused = null;
});
