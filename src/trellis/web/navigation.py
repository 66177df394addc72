"""What the frame of every page shows: areas, roles, and the demo's personas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Role
from trellis.records.accounts import queries
from trellis.web.accounts import personas
from trellis.web.areas import EVERYBODY, ROLES_OF, Area
from trellis.web.role_labels import ROLE_LABELS


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One link of the main navigation."""

    label: str | Promise
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class _Entrance:
    """``url``: the root of an area, as ``config.urls`` mounts it.

    ``prefixes``: the addresses that belong to the area, to mark it as current.
    ``hidden_from``: roles that may enter by a link to their own records, and for
    whom a list of everybody would be an empty promise.
    """

    area: Area
    label: str | Promise
    url: str
    prefixes: tuple[str, ...]
    hidden_from: frozenset[Role] = frozenset()
    permission: Permission | None = None


_ENTRANCES = (
    _Entrance(Area.TODAY, _("Today"), "/", ()),
    _Entrance(
        Area.PEOPLE,
        _("People"),
        "/people/",
        ("/people/", "/children/"),
        hidden_from=frozenset({Role.FACILITATOR, Role.PARENT}),
    ),
    _Entrance(
        Area.GROUPS,
        _("Groups"),
        "/groups/",
        ("/groups/",),
        hidden_from=frozenset({Role.PARENT}),
    ),
    _Entrance(
        Area.IMPORTS,
        _("Imports"),
        "/imports/",
        ("/imports/",),
        permission=Permission.IMPORTS_FILE_IMPORT,
    ),
    _Entrance(
        Area.ACCESS_TRAIL,
        _("Access trail"),
        "/access/",
        ("/access/",),
        hidden_from=EVERYBODY - {Role.DIRECTOR},
        permission=Permission.ACCESS_TRAIL_READ,
    ),
)


def entries(viewer: Viewer, path: str) -> list[NavigationEntry]:
    """The areas the active role has, in the order of a day's work."""
    return [
        NavigationEntry(e.label, e.url, _is_current(e, path))
        for e in _ENTRANCES
        if _is_shown(e, viewer)
    ]


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: no statement, 1 in demo mode; a fragment has no frame."""
    if getattr(request, "htmx", False):
        return {"demo_mode": settings.DEMO_MODE}
    viewer: Viewer | None = getattr(request, "viewer", None)
    return {
        **_sign_in_personas(request),
        "demo_mode": settings.DEMO_MODE,
        "personas": _personas(request) if settings.DEMO_MODE else [],
        "persona_url": _address("accounts:switch-persona"),
        "navigation": entries(viewer, request.path) if viewer else [],
        "frame": _frame(request, viewer),
    }


def _address(name: str) -> str:
    """An address that only some installations have (personas: the demo's alone)."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _is_shown(entrance: _Entrance, viewer: Viewer) -> bool:
    return viewer.role in ROLES_OF[entrance.area] - entrance.hidden_from and (
        entrance.permission is None or viewer.may(entrance.permission)
    )


def _is_current(entrance: _Entrance, path: str) -> bool:
    if not entrance.prefixes:
        return path == entrance.url
    return path.startswith(entrance.prefixes)


def _frame(request: HttpRequest, viewer: Viewer | None) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    active = getattr(request, "membership", None)
    active_id = active.pk if active is not None else None
    lines = queries.role_lines(user, (viewer.at if viewer else timezone.now()).date())
    current = next((line for line in lines if line.membership_id == active_id), None)
    return {
        "user_name": user.name,
        "role": ROLE_LABELS[viewer.role] if viewer else "",
        "site": current.site_name if current else "",
        "role_url": _address("accounts:switch-role"),
        "roles": [
            {
                "id": line.membership_id,
                "label": f"{ROLE_LABELS[line.role]}, {line.site_name}",
                "is_current": line is current,
            }
            for line in lines
        ]
        if len(lines) > 1
        else [],
    }


def _sign_in_personas(request: HttpRequest) -> dict[str, Any]:
    """Everybody of the demo, on the sign-in page alone."""
    if request.path != _address("account_login") or not personas.is_open_to(request):
        return {}
    groups, preparing = personas.for_sign_in()
    return {"persona_groups": groups, "preparing": preparing}


def _personas(request: HttpRequest) -> list[dict[str, Any]]:
    """Of the page's own site; the sign-in page lists those of every site."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        return []
    site_id = min(viewer.site_ids, default=None)
    return personas.for_switch(request.user.email, site_id)  # type: ignore[union-attr]  # signed in
