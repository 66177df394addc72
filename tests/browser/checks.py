"""What every page is checked for, in the order of stack.md 6.2."""

from __future__ import annotations

import json
from functools import cache
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe


AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_RUN = """async (rules) => {
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
  return found.violations.map(v => ({rule: v.id, help: v.help,
    where: v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + n.html)}));
}"""
LEAST_RULES = 50
NARROW = (390, 320)
RULES_LOADED = """() => Array.from(document.styleSheets)
  .map(sheet => sheet.cssRules.length).reduce((a, b) => Math.max(a, b), 0)"""
OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 0) return null;
  const far = Array.from(document.querySelectorAll("body *")).filter(
    e => e.getBoundingClientRect().right > window.innerWidth + 1
      && !e.closest(".t-table-scroll"));
  return wide + " px: " + far.slice(0, 3).map(
    e => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 30)
  ).join("; ");
}"""
SMALL_TARGETS = """() => {
  const seen = e => { const r = e.getBoundingClientRect(); return r.width > 1
    && r.height > 1 && r.right > 0 && getComputedStyle(e).visibility !== "hidden"
    && !e.matches("[type=checkbox], [type=radio]"); };  // their label is the target
  const say = e => e.tagName + " '" + (e.textContent || e.name).trim().slice(0, 30)
    + "' " + Math.round(e.getBoundingClientRect().height) + " px";
  const low = (query, least) => Array.from(document.querySelectorAll(query))
    .filter(e => seen(e) && e.getBoundingClientRect().height < least - 0.5).map(say);
  const rows = "main td a, main th a, main li > a, main td input, main td select";
  const buttons = "main button, main .usa-button, main input[type=submit]";
  return [...low(rows, 24), ...low(buttons, 44)];
}"""
# What the browser itself says about an answer that was meant to be a refusal.
OWN_WORDS = "Failed to load resource"


class Watch:
    """Remembers what a page logged, blocked or asked of another host."""

    def __init__(self, page, origin):
        self.page, self.host = page, urlsplit(origin).netloc
        self.faults = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message):
        if message.type == "error" and not message.text.startswith(OWN_WORDS):
            self.faults.append(f"console: {message.text}")

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws"} and parts.netloc != self.host:
            self.faults.append(f"request to another host: {request.url}")

    def _response(self, response):
        path = urlsplit(response.url).path
        is_file = path.startswith("/static/")
        if response.status >= (400 if is_file else 500):
            self.faults.append(f"{response.status} of {path}")

    def taken(self):
        """The faults so far; they are forgotten afterwards."""
        faults, self.faults = self.faults, []
        return faults


@cache
def _axe_script():
    return Axe().axe_script


def violations(page):
    """What axe finds, a line each."""
    page.evaluate(_axe_script())
    found = page.evaluate(AXE_RUN, AXE_RULES)
    return [f"axe {v['rule']}: {v['help']} at {json.dumps(v['where'])}" for v in found]


def faults_of(page, response=None):
    """Everything wrong with the page as it stands; an empty list is a good page.

    ``response`` is the answer that brought it: without one, the status is not looked
    at. The window has its former size afterwards.
    """
    faults = []
    if response is not None and response.status != 200:
        return [f"status {response.status}"]  # axe is content with an error page
    if page.evaluate(RULES_LOADED) <= LEAST_RULES:
        faults.append("no stylesheet is loaded")
    faults += page.watch.taken()
    faults += violations(page)
    size = page.viewport_size
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 844})
        wide = page.evaluate(OVERFLOW)
        if wide:
            faults.append(f"scrolls sideways at {width} px by {wide}")
        small = page.evaluate(SMALL_TARGETS)
        if small:
            faults.append(f"small targets at {width} px: {small[:5]}")
    page.set_viewport_size(size)
    return faults


def check_page(page, response=None):
    """The page is good in every respect, or the test fails and says why."""
    faults = faults_of(page, response)
    assert not faults, f"{page.url}:\n" + "\n".join(faults)
