"""Every address of the application, as the URL configuration has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RoutePattern

from trellis.web.areas import AreaMark, mark_of


@dataclass(frozen=True)
class Route:
    """One pattern: ``name`` with its namespace, ``route`` as written, its view."""

    name: str
    route: str
    view: Any
    arguments: tuple[str, ...]

    @property
    def mark(self) -> AreaMark | None:
        """The area mark; None for a view of another package."""
        return mark_of(self.view)

    @property
    def is_ours(self) -> bool:
        """Whether the view is ours, and so must carry a mark."""
        return self.view.__module__.startswith("trellis.")


def all_routes() -> list[Route]:
    """Every pattern below the root, in order."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: Any, before: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(
                name=":".join((*spaces, entry.name or route)),
                route="/" + route,
                view=entry.callback,
                arguments=tuple(_arguments(before, entry)),
            )
        else:
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, route, inner)


def _arguments(before: str, entry: URLPattern) -> Iterator[str]:
    for pattern in (RoutePattern(before), entry.pattern):
        yield from pattern.converters or pattern.regex.groupindex
