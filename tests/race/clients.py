"""Clients of a race: each with its own connection, cookies and answers."""

from __future__ import annotations

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode


CSRF = "a" * 32
MEETING_SECONDS = 120


@dataclass
class Answer:
    """Status, where it sends to, and the text."""

    status: int
    location: str
    text: str


@dataclass
class Client:
    """One device: posts forms as a browser would; counts what it was answered."""

    port: int
    session_key: str
    answers: Counter = field(default_factory=Counter)
    connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, **values: object) -> Answer:
        """A form, as a page without script sends it."""
        return self._ask("POST", path, urlencode(values), {})

    def post_fragment(self, path: str, **values: object) -> Answer:
        """The same form, as htmx sends it."""
        return self._ask("POST", path, urlencode(values), {"HX-Request": "true"})

    def close(self) -> None:
        """Give the connection back."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _ask(self, method, path, body, more) -> Answer:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=60
            )
        headers = {
            "Cookie": f"sessionid={self.session_key}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            **more,
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body=body, headers=headers)
            raw = self.connection.getresponse()
            text = raw.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            self.answers["no answer"] += 1
            raise
        self.answers[raw.status] += 1
        return Answer(raw.status, raw.getheader("Location") or "", text)


def all_at_once(clients, work):
    """Let every client do its work in a thread of its own; their results in order."""
    try:
        with ThreadPoolExecutor(max_workers=len(clients)) as pool:
            jobs = [pool.submit(work, index, one) for index, one in enumerate(clients)]
            return [job.result(timeout=MEETING_SECONDS * 10) for job in jobs]
    finally:
        for one in clients:
            one.close()


class _Forms(HTMLParser):
    """The forms of a page: where each goes, its fields, its buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._named: dict[str, Form] = {}
        self._open: Form | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        form = self._named.get(held.get("form", "")) or self._open
        if tag == "form":
            self._open = Form(action=held.get("action", ""))
            self.forms.append(self._open)
            self._named[held.get("id", "")] = self._open
        elif tag == "option" and form is not None and self._select is not None:
            self._option(form, held)
        elif form is not None and held.get("name"):
            self._field(form, tag, held)

    def _option(self, form: Form, held: dict[str, str]) -> None:
        name, value = self._select or "", held.get("value", "")
        form.choices[name].append(value)
        if "selected" in held:
            form.fields[name] = value

    def _field(self, form: Form, tag: str, held: dict[str, str]) -> None:
        name, value = held["name"], held.get("value", "")
        if tag == "button":
            form.buttons.append((name, value))
        elif tag == "select":
            self._select = name
            form.choices[name] = []
            form.fields.setdefault(name, "")
        elif held.get("type") in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(value)
            if "checked" in held:
                form.fields[name] = value
        elif tag in {"input", "textarea"}:
            form.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = None


@dataclass
class Form:
    """A form as a page offers it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


def forms_of(text: str) -> list[Form]:
    """Every form of a page, in order; fields that name a form belong to it."""
    parser = _Forms()
    parser.feed(text)
    return parser.forms


def form_to(text: str, action: str) -> Form:
    """The form of a page that goes to this address."""
    return next(form for form in forms_of(text) if form.action == action)
