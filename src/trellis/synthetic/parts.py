"""A site's data in parts that a writer can store one after the other.

Each part is whole in itself: its rows point to earlier parts or to each other. So a
writer can keep its transactions short, and go on after an interruption.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from trellis.synthetic.entities import Parent, SiteData


def parts_of(data: SiteData, *, families: int) -> Iterator[SiteData]:
    """First cohorts and sessions without a person, then so many families at a time."""
    yield _of(data, ())
    frame = replace(data, cohorts=(), sessions=())
    for first in range(0, len(data.parents), families):
        yield _of(frame, data.parents[first : first + families])


def _of(data: SiteData, parents: tuple[Parent, ...]) -> SiteData:
    """The rows of these participants, their children and the carers of these."""
    adults = {parent.key for parent in parents}
    pregnancies = tuple(row for row in data.pregnancies if row.parent_key in adults)
    children = _children_of({row.key for row in pregnancies}, data)
    dyads = tuple(row for row in data.dyads if row.child_key in children)
    pairs = {row.key for row in dyads}
    carers = {row.parent_key for row in dyads}
    return replace(
        data,
        parents=parents,
        caregivers=tuple(row for row in data.caregivers if row.key in carers),
        pregnancies=pregnancies,
        children=tuple(row for row in data.children if row.key in children),
        dyads=dyads,
        episodes=tuple(row for row in data.episodes if row.parent_key in adults),
        memberships=tuple(row for row in data.memberships if row.dyad_key in pairs),
        places=tuple(row for row in data.places if row.dyad_key in pairs),
        out_of_window=tuple(r for r in data.out_of_window if r.dyad_key in pairs),
        make_ups=tuple(row for row in data.make_ups if row.child_key in children),
        encounters=tuple(row for row in data.encounters if row.child_key in children),
        measurements=tuple(r for r in data.measurements if r.child_key in children),
        doses=tuple(row for row in data.doses if row.child_key in children),
        care_links=tuple(row for row in data.care_links if row.parent_key in adults),
        tallies=tuple(row for row in data.tallies if row.child_key in children),
    )


def _children_of(pregnancies: set[UUID], data: SiteData) -> set[UUID]:
    return {row.key for row in data.children if row.pregnancy_key in pregnancies}
