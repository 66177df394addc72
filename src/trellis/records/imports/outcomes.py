"""What came of an import: counts, problems with their place, what was left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from trellis.core.people.histories import PlaceInFile, Problem


class Fate(StrEnum):
    """What happened to one record of a file; exactly one of these."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    REVIEW = "review"


class LineRefused(Exception):
    """Nothing is saved of this record: the field, and the sentence to show."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The result of an import or of its dry run.

    ``read`` is the sum of the five fates. A record is a line of a roster; of a history
    it is the child or one fact about it. ``run_id`` is None where nothing was kept.
    """

    read: int
    created: int
    updated: int
    unchanged: int
    refused: int
    review: int
    problems: tuple[Problem, ...]
    not_understood: tuple[tuple[str, int], ...]
    run_id: UUID | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The counts by name."""
        fates = {fate.value: getattr(self, fate.value) for fate in Fate}
        return {"read": self.read, **fates}


@dataclass(slots=True)
class Tally:
    """Counts while an import runs."""

    fates: Counter[Fate] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    def add(self, fate: Fate, number: int = 1) -> None:
        """Count records."""
        self.fates[fate] += number

    def refuse(self, place: PlaceInFile, refusal: LineRefused) -> None:
        """Count one refused record and keep its sentence."""
        self.add(Fate.REFUSED)
        self.problems.append(Problem(place, refusal.field, str(refusal)))

    def refuse_all(self, problems: Iterable[Problem]) -> None:
        """Problems a reader found. Those that name no field are remarks on the file."""
        for problem in problems:
            self.problems.append(problem)
            if problem.field:
                self.add(Fate.REFUSED)

    def outcome(self, run_id: UUID | None) -> ImportOutcome:
        """The result."""
        return ImportOutcome(
            read=self.fates.total(),
            **{fate.value: self.fates[fate] for fate in Fate},
            problems=tuple(self.problems),
            not_understood=tuple(sorted(self.left.items())),
            run_id=run_id,
        )


def problem_json(problem: Problem) -> dict[str, Any]:
    """``{"file","line","field","message"}``; the place is part of the field."""
    pointer, name = problem.place.pointer, problem.field
    is_said = not pointer or pointer in ("row", f"column {name}")
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "field": name if is_said else f"{pointer} {name}".strip(),
        "message": problem.message,
    }
