// A form is sent once, and what was typed stays when the network is gone.
"use strict";

const SENDING = "is-sending";

function senders(form) {
  return Array.from(form.elements).filter((element) => element.type === "submit");
}

function markSending(form) {
  form.dataset.sending = "true";
  // after the browser has read which button was pressed
  setTimeout(() => senders(form).forEach((button) => {
    button.setAttribute("aria-disabled", "true");
    button.classList.add(SENDING);
  }), 0);
}

function markReady(form) {
  delete form.dataset.sending;
  senders(form).forEach((button) => {
    button.removeAttribute("aria-disabled");
    button.classList.remove(SENDING);
  });
}

function say(form, key) {
  const notice = document.getElementById("not-saved").content.cloneNode(true);
  notice.querySelectorAll("[data-say]").forEach((line) => {
    line.hidden = line.dataset.say !== key;
  });
  const place = document.getElementById("page-notice");
  place.replaceChildren(notice);
  place.scrollIntoView({ block: "nearest" });
  if (form) markReady(form);
}

function formOf(event) {
  return event.detail.elt ? event.detail.elt.closest("form") : null;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "get") return;
  if (form.dataset.sending === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (!navigator.onLine) {
    event.preventDefault();
    event.stopImmediatePropagation();
    say(form, "offline");
  } else {
    markSending(form);
  }
}, true);

document.addEventListener("htmx:afterRequest", (event) => {
  const form = formOf(event);
  if (form) markReady(form);
});
["htmx:sendError", "htmx:timeout"].forEach((name) => {
  document.addEventListener(name, (event) => {
    if (event.detail.requestConfig.verb !== "get") say(formOf(event), "offline");
  });
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500 && event.detail.requestConfig.verb !== "get") {
    say(formOf(event), "fault");
  }
});
document.addEventListener("htmx:beforeRequest", (event) => {
  // a saved change makes the last refusal old news
  const place = document.getElementById("page-notice");
  if (place && event.detail.requestConfig.verb !== "get") place.replaceChildren();
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sending]").forEach(markReady);
});
