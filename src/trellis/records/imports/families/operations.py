"""One line of a roster as a family: parent, child, dyad, pregnancy and episode.

A cell that is empty changes nothing. Somebody matched through a person's decision is
filled up where something is missing here, and never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass, Origin, Write
from trellis.core.people.names import PersonFacts
from trellis.core.people.roster import RosterLine
from trellis.records.access import gate, vault
from trellis.records.access.gate import Key
from trellis.records.access.models import provenance
from trellis.records.access.vault import Cell
from trellis.records.care.models import Episode
from trellis.records.imports.families import values
from trellis.records.imports.families.setting import Kind, Question, Setting
from trellis.records.imports.ledger import columns_of
from trellis.records.imports.outcomes import Fate, LineRefused
from trellis.records.imports.people_here import Here
from trellis.records.people.models import Child, Dyad, Parent, Pregnancy


Row = TypeVar("Row", bound=Model)
Person = TypeVar("Person", Parent, Child)
PARENT_CLASSES = (DataClass.ADULT_IDENTITY, DataClass.PROGRAMME_RECORD)


@gate.writes
def bring_in_line(
    *, by: Viewer, line: RosterLine, setting: Setting
) -> tuple[Fate, tuple[Question, ...]]:
    """Save one line, or say which people here it may speak of; then nothing is saved.

    Raises:
        LineRefused: nothing of the line is saved.
    """
    site_id = setting.sites.get(line.parent.site)
    if site_id is None:
        raise LineRefused(
            "site",
            f"{line.parent.site!r} is no site that is open to you; "
            "write the key of one of your own sites.",
        )
    step = _Line(by, line, setting, site_id)
    questions = step.find()
    return (Fate.REVIEW, questions) if questions else (step.keep(), ())


class _Line:
    """The people one line speaks of, and what becomes of them."""

    def __init__(
        self, by: Viewer, line: RosterLine, setting: Setting, site_id: int
    ) -> None:
        self.by, self.line, self.setting, self.site_id = by, line, setting, site_id
        self.parent: Parent | None = None
        self.child: Child | None = None
        self.fills_only: set[UUID] = set()
        self.mark = setting.ledger.mark()

    def find(self) -> tuple[Question, ...]:
        """Find parent and child by key or by decision; else who they may be."""
        number = self.line.parent.external_id
        self.parent, questions = self._find(Parent, "parent", number)
        if self.line.child is not None:
            number = self.line.child.external_id
            self.child, more = self._find(Child, "child", number)
            questions += more
        return questions

    def _find(
        self, model: type[Person], kind: Kind, number: str
    ) -> tuple[Person | None, tuple[Question, ...]]:
        line_key = f"roster-{kind}:{number}"
        decided = self.setting.decision(self.site_id, line_key)
        # locked: nobody changes the person between comparing and saving
        at_site = model.ungated.select_for_update().filter(site_id=self.site_id)
        row: Person | None = None
        if decided.is_subject is not None:
            row = at_site.filter(pk=decided.is_subject).first()
        if row is not None:
            self.fills_only.add(row.pk)
        else:
            is_known = self.setting.may_stand((kind, self.site_id, number))
            row = at_site.filter(external_id=number).first() if is_known else None
        if row is not None:
            self._require_open(row, kind)
            return row, ()
        is_parent = kind == "parent"
        here = self.setting.parents if is_parent else self.setting.children
        facts = self._facts(kind)
        near = here.near(facts, site_id=self.site_id, apart_from=decided.is_not)
        return None, tuple(Question(kind, line_key, *pair) for pair in near)

    def _facts(self, kind: Kind) -> PersonFacts:
        is_parent = kind == "parent"
        return (values.parent_facts if is_parent else values.child_facts)(self.line)

    def _require_open(self, row: Parent | Child, kind: Kind) -> None:
        classes = PARENT_CLASSES if kind == "parent" else (DataClass.CHILD_IDENTITY,)
        key = Key(row.pk, row.origin, row.origin_org_id, row.author_org_id)
        for data_class in classes:
            if not gate.writable(self.by, data_class, [key]):
                column = "external_id" if kind == "parent" else "child_external_id"
                raise LineRefused(
                    column,
                    "This number belongs to a family that is not open to you; "
                    "ask the coordinator of the site.",
                )

    def keep(self) -> Fate:
        """Write what is new or different."""
        is_new = self.parent is None or (self.line.child and self.child is None)
        parent = self._save_parent()
        if self.line.child is not None:
            child = self._save_child()
            self._save_dyad(parent, child)
        self._save_pregnancy(parent)
        self._save_episode(parent)
        if is_new:
            return Fate.CREATED
        is_changed = self.setting.ledger.mark() > self.mark
        return Fate.UPDATED if is_changed else Fate.UNCHANGED

    def _new(self, origin: Origin) -> dict[str, Any]:
        return {
            **provenance(self.by, site_id=self.site_id, origin=origin),
            "import_id": self.setting.ledger.run_id,
        }

    def _save_parent(self) -> Parent:
        told = values.parent_columns(self.line.parent)
        row = self.parent
        if row is None:
            row = Parent(**self._new(Origin.PART2), **told)
            self._seal_contact(row)
            row.folded = values.searched_as(
                row.first_name, row.last_name, row.chosen_name
            )
            self.setting.ledger.create(row, self.site_id, row.pk)
            key = gate.new_row(self.by, row.pk, Origin.PART2)
            self.setting.new_parents.append(key)
            here = Here(row.pk, self.site_id, self._facts("parent"))
            self.setting.parents.add(here)
            self.setting.note_made(("parent", self.site_id, row.external_id))
            return row
        before = columns_of(row)
        self._seal_contact(row)
        self._fill(row, told)
        row.folded = values.searched_as(row.first_name, row.last_name, row.chosen_name)
        self._update_person(row, before)
        return row

    def _save_child(self) -> Child:
        told = values.child_columns(self.line)
        row = self.child
        if row is None:
            row = Child(**self._new(Origin.HIPAA), **told)
            row.folded = values.searched_as(row.first_name, row.last_name)
            self.setting.ledger.create(row, self.site_id, row.pk)
            key = gate.new_row(self.by, row.pk, Origin.HIPAA)
            self.setting.new_children.append(key)
            here = Here(row.pk, self.site_id, self._facts("child"))
            self.setting.children.add(here)
            self.setting.note_made(("child", self.site_id, row.external_id))
            return row
        before = columns_of(row)
        self._fill(row, told)
        row.folded = values.searched_as(row.first_name, row.last_name)
        self._update_person(row, before)
        return row

    def _fill(self, row: Parent | Child, told: Mapping[str, Any]) -> None:
        only_gaps = row.pk in self.fills_only
        for name, value in told.items():
            if not only_gaps or getattr(row, name) in ("", None, []):
                setattr(row, name, value)

    def _update_person(self, row: Parent | Child, before: dict[str, Any]) -> None:
        if columns_of(row) != before:
            row.version += 1
            self.setting.ledger.update(row, before, self.site_id, row.pk)

    def _seal_contact(self, row: Parent) -> None:
        told = self.line.parent.safe_contact
        cell = Cell(Parent._meta.db_table, row.pk, "reach_via_sealed")
        known = vault.unseal(row.reach_via_sealed, cell)
        if not told or told == known or (known and row.pk in self.fills_only):
            return
        if self.parent is not None:
            key = Key(row.pk, row.origin, row.origin_org_id, row.author_org_id)
            narrow = Write.EDIT_REACH_VIA
            if not gate.writable(self.by, DataClass.SAFE_ADDRESS, [key], narrow=narrow):
                raise LineRefused(
                    "safe_contact", "Your role may not change how a person is reached."
                )
        row.reach_via_sealed = vault.seal(told, cell)

    def _save_dyad(self, parent: Parent, child: Child) -> None:
        kind = self.line.relationship
        if kind is None:
            raise LineRefused("relationship", "A line with a child needs it.")
        known: Dyad | None = None
        if self.parent is not None and self.child is not None:
            held = Dyad.ungated.filter(parent=parent, child=child)
            known = held.order_by("-starts").first()
        if known is not None and known.kind != kind.value:
            raise LineRefused(
                "relationship",
                f"Here they are {known.kind}, the file says {kind.value}; "
                "a person changes this on the family's page, with what shows it.",
            )
        if known is not None:
            return
        starts = values.dyad_starts(self.line, child.born, self.setting.today)
        row = Dyad(
            **self._new(Origin.PART2),
            parent=parent,
            child=child,
            starts=starts,
            kind=kind.value,
            # what a caregiver may do is never read from a file: a person records it
            may_consent=False,
            may_attend=False,
            may_be_messaged=False,
            may_see_record=False,
        )
        self.setting.ledger.create(row, self.site_id, parent.pk)

    def _save_pregnancy(self, parent: Parent) -> None:
        due_on = self.line.parent.due_on
        if due_on is None:
            return
        row: Pregnancy | None = None
        if self.parent is not None:  # nothing stands of somebody new
            held = Pregnancy.ungated.filter(parent=parent)
            if held.filter(due_on=due_on).exists():
                return
            row = held.filter(ended_on=None).order_by("due_on").last()
        if row is None:
            row = Pregnancy(**self._new(Origin.PART2), parent=parent, due_on=due_on)
            self.setting.ledger.create(row, self.site_id, parent.pk)
        elif parent.pk not in self.fills_only:
            before = columns_of(row)
            row.due_on = due_on  # one open pregnancy: its date was corrected
            self.setting.ledger.update(row, before, self.site_id, parent.pk)

    def _save_episode(self, parent: Parent) -> None:
        if self.parent is None:  # nothing stands of somebody new
            self._open_episode(parent)
            return
        held = Episode.ungated.filter(parent=parent, site_id=self.site_id)
        row = held.filter(ended_on=None).order_by("referred_on").last()
        if row is None and held.exists():
            return  # an episode that ended is opened again by a person
        if row is None:
            self._open_episode(parent)
        elif parent.pk not in self.fills_only:
            self._update_episode(row, self.setting.today)

    def _open_episode(self, parent: Parent) -> None:
        told, today = self.line.parent, self.setting.today
        referred_on = told.referred_on or told.enrolled_on or today
        row = Episode(
            **self._new(Origin.PART2),
            parent=parent,
            referred_on=referred_on,
            enrolled_on=told.enrolled_on,
            stage=values.stage_of(self.line, today),
            stage_since=told.enrolled_on or referred_on,
        )
        self.setting.ledger.create(row, self.site_id, parent.pk)

    def _update_episode(self, row: Episode, today: date) -> None:
        told, before = self.line.parent, columns_of(row)
        row.referred_on = told.referred_on or row.referred_on
        row.enrolled_on = told.enrolled_on or row.enrolled_on
        if told.stage and told.stage != row.stage:
            row.stage, row.stage_since = told.stage, today
        if columns_of(row) != before:
            self.setting.ledger.update(row, before, self.site_id, row.parent_id)


@gate.writes
def check_new_families(*, by: Viewer, setting: Setting) -> None:
    """Return if ``by`` may write every family that was new: asked once, at the end.

    A family stands where its episode stands, so it can be asked only when saved.

    Raises:
        LineRefused: a role that may not add families.
    """
    wanted = [(data_class, setting.new_parents) for data_class in PARENT_CLASSES]
    wanted.append((DataClass.DYAD_LINK, setting.new_parents))
    wanted.append((DataClass.CHILD_IDENTITY, setting.new_children))
    for data_class, keys in wanted:
        if len(gate.writable(by, data_class, keys)) < len(set(keys)):
            raise LineRefused(
                "role",
                "The file holds new families, which your role may not add; "
                "ask the coordinator of the site to bring it in.",
            )
