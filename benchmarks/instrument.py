"""Where a request's CPU goes: template, ORM, database, and the rest.

Each part is timed exclusively: when a template reads from the database, the template's
clock stands still meanwhile. ``time.process_time`` counts this process alone, so a busy
machine changes the figures little.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.template import Template


TEMPLATE, ORM, DATABASE = "template", "orm", "database"
PARTS = (TEMPLATE, ORM, DATABASE)
WRAPPED: tuple[tuple[type, str, str], ...] = (
    (Template, "render", TEMPLATE),
    (QuerySet, "_fetch_all", ORM),
    (QuerySet, "bulk_create", ORM),
    (SQLCompiler, "execute_sql", ORM),
    (Model, "save_base", ORM),
    (CursorWrapper, "execute", DATABASE),
    (CursorWrapper, "executemany", DATABASE),
)


class Clock:
    """CPU seconds by part, and the number of statements."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.statements = 0
        self._stack: list[str] = []
        self._since = 0.0

    def enter(self, part: str) -> None:
        self._settle()
        self._stack.append(part)

    def leave(self) -> None:
        self._settle()
        self._stack.pop()

    def _settle(self) -> None:
        now = time.process_time()
        if self._stack:
            self.seconds[self._stack[-1]] += now - self._since
        self._since = now


@contextmanager
def instrumented(clock: Clock) -> Iterator[None]:
    """Time the parts of whatever runs in the block."""
    originals = [(owner, name, owner.__dict__[name]) for owner, name, _ in WRAPPED]
    for owner, name, part in WRAPPED:
        setattr(owner, name, _timed(owner.__dict__[name], part, clock))
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _timed(original: Callable[..., Any], part: str, clock: Clock) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        if part == DATABASE:
            clock.statements += 1
        clock.enter(part)
        try:
            return original(*arguments, **named)
        finally:
            clock.leave()

    return timed
