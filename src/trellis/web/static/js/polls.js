// A page that nobody sees asks for nothing: what a hidden tab is shown was not read, and
// so cannot count as opened before signing. It catches up once it is looked at again.
"use strict";

document.addEventListener("htmx:beforeRequest", (event) => {
  const trigger = event.target.getAttribute("hx-trigger") || "";
  if (document.hidden && trigger.includes("every ")) event.preventDefault();
});
