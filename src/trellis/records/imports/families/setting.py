"""What an import of families holds in hand while it goes through the lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from trellis.core.people.names import Likeness
from trellis.records.access.gate import Key
from trellis.records.imports.ledger import Ledger
from trellis.records.imports.people_here import Here, PeopleHere


Kind = Literal["parent", "child"]
Number = tuple[Kind, int, str]  # whose, at which site, the number of the file


@dataclass(frozen=True, slots=True)
class Decided:
    """What people said about a line earlier: who it is, and who it is not."""

    is_subject: UUID | None = None
    is_not: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a line speaks of somebody here; a person answers."""

    kind: Kind
    line_key: str
    person: Here
    likeness: Likeness


@dataclass(slots=True)
class Setting:
    """Sites by code, people here, earlier decisions, and what this run made.

    ``numbers``: those of the file's that belong to somebody here, by kind and site;
    None where nobody looked: each is looked up then. ``made``: of rows not saved yet.
    """

    sites: Mapping[str, int]
    today: date
    ledger: Ledger
    parents: PeopleHere
    children: PeopleHere
    decided: Mapping[tuple[int, str], Decided]
    numbers: set[Number] | None = None
    made: set[Number] = field(default_factory=set)
    new_parents: list[Key] = field(default_factory=list)
    new_children: list[Key] = field(default_factory=list)

    def decision(self, site_id: int, line_key: str) -> Decided:
        """What was decided about a line; nothing, usually."""
        return self.decided.get((site_id, line_key), Decided())

    def may_stand(self, number: Number) -> bool:
        """Whether somebody here may have this number."""
        return self.numbers is None or number in self.numbers

    def note_made(self, number: Number) -> None:
        """This run made somebody with this number."""
        self.made.add(number)
        if self.numbers is not None:
            self.numbers.add(number)

    def settle(self, *numbers: Number) -> None:
        """Save what was made if a line goes on about one of these numbers."""
        if not self.made.isdisjoint(numbers):
            self.ledger.flush()
            self.made.clear()

    def mark(self) -> tuple[int, int, int]:
        """The point to fall back to."""
        return self.ledger.mark(), len(self.new_parents), len(self.new_children)

    def forget_after(self, mark: tuple[int, int, int]) -> None:
        """What a refused line had done was rolled back; know nothing of it either."""
        rows, parents, children = mark
        self.ledger.forget_after(rows)
        for key in self.new_parents[parents:]:
            self.parents.forget(key.patient)
        for key in self.new_children[children:]:
            self.children.forget(key.patient)
        del self.new_parents[parents:]
        del self.new_children[children:]
