"""Reading about people: forms, and who is like somebody about to be registered."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass
from trellis.core.errors import NotFound
from trellis.records.access import gate
from trellis.records.access.gate import Key, reads
from trellis.records.people.duplicates import lookalikes
from trellis.records.people.entries import ChildIdentity, Identity
from trellis.records.people.lines import ChildRecord, DuplicateLine, ParentRecord
from trellis.records.people.models import Child, Parent
from trellis.records.people.sides import (
    PARENT_COLUMNS,
    full_name,
    parent_facts,
    parts_writable,
)


ADULT, CHILD = DataClass.ADULT_IDENTITY, DataClass.CHILD_IDENTITY
FORM_COLUMNS = (
    "first_name",
    "last_name",
    "born",
    "sex",
    "birth_order",
    "external_id",
    "version",
)


@reads("people.likely-duplicates")
def likely_duplicates(
    *, viewer: Viewer, parent: Identity | None, children: Iterable[ChildIdentity] = ()
) -> tuple[DuplicateLine, ...]:
    """Those registered who are like these, likeliest first, at most eight.

    Somebody who is not open to the viewer is not named, counted or hinted at. At most
    10 statements.
    """
    return lookalikes(viewer, parent, children)


@reads("people.parent")
def parent_record(*, viewer: Viewer, parent_id: UUID) -> ParentRecord:
    """An adult for a form, with the open fields. At most 10 statements.

    Raises:
        NotFound: no such adult for the viewer.
    """
    scope = Parent.scoped(viewer, reads={ADULT}, among=Q(pk=parent_id))
    row = scope.rows.values(*PARENT_COLUMNS).first()
    if row is None:
        raise NotFound
    key = Key(row["id"], *(row[name] for name in Parent.KEY))
    facts = parent_facts(viewer, row)
    if scope.views[key][ADULT].name is None:
        names = ("first_name", "last_name", "chosen_name")
        facts |= {name: row[name] for name in names}
    return ParentRecord(
        parent_id=parent_id,
        name=facts["name"],
        version=row["version"],
        facts=facts,
        may_write=parts_writable(viewer, key),
    )


@reads("people.child")
def child_record(*, viewer: Viewer, child_id: UUID) -> ChildRecord:
    """A child for a form; whole or not at all. At most 10 statements.

    Raises:
        NotFound: no such child for the viewer, or only a part of it is open.
    """
    scope = Child.scoped(viewer, reads={CHILD}, among=Q(pk=child_id))
    row = scope.rows.values(*FORM_COLUMNS, "id", *Child.KEY).first()
    if row is None:
        raise NotFound
    key = Key(row.pop("id"), *(row.pop(name) for name in Child.KEY))
    if scope.views[key][CHILD].name is not None:
        raise NotFound
    return ChildRecord(
        child_id=child_id,
        name=full_name(row["first_name"], row["last_name"]),
        may_write=bool(gate.writable(viewer, CHILD, [key])),
        **row,
    )
