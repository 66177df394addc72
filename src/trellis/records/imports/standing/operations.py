"""What an import must know before its first line: who is here, what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass
from trellis.core.people.dyads import CaregiverKind
from trellis.core.people.names import PersonFacts
from trellis.records.access import gate
from trellis.records.imports.families.setting import Decided, Number
from trellis.records.imports.models import ReviewItem
from trellis.records.imports.people_here import Here
from trellis.records.people.models import Child, Dyad, Parent
from trellis.records.sites.models import Site


@gate.writes
def sites_open(*, by: Viewer) -> Mapping[str, int]:
    """Site codes and keys of the actor's sites."""
    sites = Site.objects.filter(pk__in=by.site_ids).order_by("pk")
    return dict(sites.values_list("code", "pk"))


@gate.writes
def today_of(*, by: Viewer) -> date:
    """The day it is at the actor's first site."""
    zones = Site.objects.filter(pk__in=by.site_ids).order_by("pk")
    zone = zones.values_list("time_zone", flat=True).first() or "UTC"
    at: datetime = by.at
    return at.astimezone(ZoneInfo(zone)).date()


@gate.writes
def parents_here(*, by: Viewer) -> tuple[Here, ...]:
    """Parents who are open to the actor, to compare with."""
    scope = Parent.scoped(by, reads={DataClass.ADULT_IDENTITY})
    rows = scope.rows.values_list("pk", "site_id", "first_name", "last_name", "born")
    return tuple(
        Here(key, site, PersonFacts(first, last, born))
        for key, site, first, last, born in rows
    )


@gate.writes
def children_here(*, by: Viewer) -> tuple[Here, ...]:
    """Children who are open to the actor, to compare with; with their mother's name."""
    scope = Child.scoped(by, reads={DataClass.CHILD_IDENTITY})
    mothers = _mothers(by)
    rows = scope.rows.values_list(
        "pk", "site_id", "first_name", "last_name", "born", "sex", "birth_order"
    )
    return tuple(
        Here(
            key,
            site,
            PersonFacts(first, last, born, sex or None, mothers.get(key), order),
        )
        for key, site, first, last, born, sex, order in rows
    )


def _mothers(by: Viewer) -> dict[UUID, str]:
    # only to compare: the name is never shown to anybody from here
    rows = Dyad.ungated.filter(
        site_id__in=by.site_ids, kind=CaregiverKind.BIRTH_PARENT.value
    ).values_list("child_id", "parent__first_name", "parent__last_name")
    return {child: f"{first} {last}" for child, first, last in rows}


@gate.writes
def decisions_of(*, by: Viewer) -> Mapping[tuple[int, str], Decided]:
    """What people at these sites decided about lines, by site and line."""
    rows = (
        ReviewItem.ungated.filter(site_id__in=by.site_ids)
        .exclude(state=ReviewItem.WAITING)
        .values_list("site_id", "line_key", "state", "subject_id")
    )
    same: dict[tuple[int, str], UUID] = {}
    others: dict[tuple[int, str], set[UUID]] = defaultdict(set)
    for site, line_key, state, subject in rows:
        if state == ReviewItem.SAME:
            same[site, line_key] = subject
        else:
            others[site, line_key].add(subject)
    return {
        key: Decided(same.get(key), frozenset(others.get(key, ())))
        for key in same.keys() | others.keys()
    }


@gate.writes
def foresee_families(
    *, by: Viewer, parents: Iterable[str], children: Iterable[str]
) -> frozenset[Number]:
    """Ask the gate's facts about everybody a roster names, in one go.

    Answers which of the numbers belong to somebody here. 2 statements, and the facts.
    """
    at_site = Q(site_id__in=by.site_ids)
    columns = ("pk", "site_id", "external_id")
    adults = Parent.ungated.filter(at_site, external_id__in=list(parents))
    kids = Child.ungated.filter(at_site, external_id__in=list(children))
    known_adults = list(adults.values_list(*columns))
    known_kids = list(kids.values_list(*columns))
    gate.foresee(by, {key for key, _, _ in [*known_adults, *known_kids]})
    found: set[Number] = {("parent", site, told) for _, site, told in known_adults}
    return frozenset(found | {("child", site, told) for _, site, told in known_kids})
