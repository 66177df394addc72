"""Clients of a race: each with its own connection, cookies and answers."""

from __future__ import annotations

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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
    with ThreadPoolExecutor(max_workers=len(clients)) as pool:
        jobs = [pool.submit(work, index, one) for index, one in enumerate(clients)]
        return [job.result(timeout=MEETING_SECONDS * 10) for job in jobs]
