"""What the pages of the access trail show: plain values for the templates."""

from __future__ import annotations

from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Role
from trellis.records.access.queries import PAGE, Look, TrailLine
from trellis.records.accounts.queries import account_names
from trellis.records.sites.queries import site_names
from trellis.web.access.forms import TrailForm
from trellis.web.role_labels import ROLE_LABELS


AREAS: Final[dict[str, str | Promise]] = {
    "people": _("your details and your family"),
    "care": _("your details and your family"),
    "groups": _("your dates and your group"),
    "clinical": _("your child's record"),
    "imports": _("a file with your details"),
    "journeys": _("your details and your family"),
    "access": _("this list"),
}


def trail_context(
    viewer: Viewer, form: TrailForm, lines: tuple[TrailLine, ...]
) -> dict[str, Any]:
    """The filter and one page of entries."""
    shown = lines[:PAGE]
    names = account_names(line.actor_id for line in shown if line.actor_id)
    sites = site_names(viewer=viewer)
    return {
        "form": form,
        "lines": [
            {
                "at": line.at,
                "who": names.get(line.actor_id) if line.actor_id else None,
                "role": _role(line.role),
                "action": line.action,
                "people": line.people,
                "site": _site(line.site_ids, sites),
                "classes": [word.replace("_", " ") for word in line.classes],
                "is_refused": line.is_refused,
            }
            for line in shown
        ],
        "older": _older(form, shown) if len(lines) > PAGE else "",
    }


def looks_context(viewer: Viewer, looks: tuple[Look, ...]) -> dict[str, Any]:
    """One page of looks at the parent's record."""
    shown = looks[:PAGE]
    sites = site_names(viewer=viewer)
    return {
        "looks": [
            {
                "at": look.at,
                "role": _("You") if look.is_own else _role(look.role),
                "site": _site(look.site_ids, sites),
                "what": AREAS.get(look.area, ""),
                "is_change": look.is_change,
            }
            for look in shown
        ],
        "older": f"before={shown[-1].sequence}" if len(looks) > PAGE else "",
    }


def _role(role: str) -> str | Promise:
    return ROLE_LABELS[Role(role)] if role else ""


def _site(site_ids: tuple[int, ...], names: dict[int, str]) -> str | Promise:
    if len(site_ids) > 1:
        return _("All sites")
    return names.get(site_ids[0], "") if site_ids else ""


def _older(form: TrailForm, shown: tuple[TrailLine, ...]) -> str:
    query = QueryDict(mutable=True)
    for name, value in form.data.items():
        if name != "before" and value:
            query[name] = value
    query["before"] = str(shown[-1].sequence)
    return query.urlencode()
