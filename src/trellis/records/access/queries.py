"""Reading the audit trail: the privacy officer all of it, parents who saw them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin
from trellis.core.errors import NotFound
from trellis.records.access import gate
from trellis.records.access.gate import reads
from trellis.records.audit import queries as audit
from trellis.records.audit.chain import Link


PAGE: Final = 50
WHOLE: Final = DataClass.AUDIT_LOG


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What to look for; None or "" is everything. ``until`` is exclusive.

    ``action`` is the beginning of an action's name, such as ``clinical.``; ``before``
    the sequence of the last line of the page before.
    """

    since: datetime | None = None
    until: datetime | None = None
    actor_id: UUID | None = None
    action: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry: keys and words of the vocabulary, nobody's name."""

    sequence: int
    at: datetime
    actor_id: UUID | None
    role: str
    purpose: str
    action: str
    site_ids: tuple[int, ...]
    people: int
    classes: tuple[str, ...]
    is_refused: bool


@reads("access.trail")
def trail(*, viewer: Viewer, among: TrailFilter) -> tuple[TrailLine, ...]:
    """Entries of the viewer's sites, newest first, fifty and one more if any.

    Sign-ins of strangers name no site and are always among them. Statements: 1 for
    each 500 entries looked through, audit.

    Raises:
        NotFound: the viewer is not the privacy officer.
    """
    viewer.require(Permission.ACCESS_TRAIL_READ)
    gate.site_sight(viewer, Action.READ, WHOLE)
    found = audit.newest_links(
        since=among.since,
        until=among.until,
        actor_id=among.actor_id,
        action=among.action,
        before=among.before,
    )
    own = (one for one in found if _is_at(viewer, one))
    return tuple(_line(one) for one in islice(own, PAGE + 1))


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody opened or changed the parent's record: when, in which role, where.

    ``is_change``: something was written. ``is_own``: it was she herself.
    """

    sequence: int
    at: datetime
    role: str
    site_ids: tuple[int, ...]
    area: str
    is_change: bool
    is_own: bool


@reads("access.who-saw-me")
def who_saw_me(*, viewer: Viewer, before: int | None = None) -> tuple[Look, ...]:
    """The looks at the parent's own record, newest first, fifty and one more if any.

    No name of staff: role and site (the view WHO_SAW_ME). Statements: 1 for each 500
    entries looked through, the gate's facts, audit.

    Raises:
        NotFound: the viewer has no record of her own.
    """
    if viewer.subject_id is None:
        raise NotFound
    org = viewer.org_id
    key = gate.Key(viewer.subject_id, Origin.PART2.value, org, org)
    gate.require(viewer, Action.READ, WHOLE, key)
    found = audit.newest_links(subject=viewer.subject_id, before=before)
    return tuple(_look(one, viewer) for one in islice(found, PAGE + 1))


def _is_at(viewer: Viewer, one: Link) -> bool:
    sites = one.event.site_ids
    return not sites or not viewer.site_ids.isdisjoint(sites)


def _line(one: Link) -> TrailLine:
    event = one.event
    return TrailLine(
        sequence=one.sequence,
        at=event.at,
        actor_id=event.actor_id,
        role=event.role,
        purpose=event.purpose,
        action=event.action,
        site_ids=event.site_ids,
        people=len(event.subjects),
        classes=tuple(_words(event.detail.get("views"))),
        is_refused=bool(event.detail.get("refused")),
    )


def _look(one: Link, viewer: Viewer) -> Look:
    event = one.event
    return Look(
        sequence=one.sequence,
        at=event.at,
        role=event.role,
        site_ids=event.site_ids,
        area=event.action.split(".", maxsplit=1)[0],
        is_change="views" not in event.detail,
        is_own=event.actor_id == viewer.user_id,
    )


def _words(views: object) -> Iterator[str]:
    """The classes opened, without their views, each once."""
    found = views if isinstance(views, list) else []
    return iter(dict.fromkeys(str(word).split(":", maxsplit=1)[0] for word in found))
