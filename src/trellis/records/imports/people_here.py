"""Who is here already: looking for near duplicates without comparing everybody.

A score of 70 or more needs a birth date that is equal, has day and month swapped, one
digit otherwise, or is not known: so only these are compared (``core.people.names``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from trellis.core.people.names import (
    Likeness,
    Match,
    PersonFacts,
    folded,
    likely_same,
)


@dataclass(frozen=True, slots=True)
class Here:
    """One person at a site."""

    key: UUID
    site_id: int
    facts: PersonFacts

    @property
    def same(self) -> tuple[str, str, date | None, str | None]:
        """What an exact match has in common."""
        facts = self.facts
        return (folded(facts.given), folded(facts.family), facts.born, facts.sex)


@dataclass(slots=True)
class PeopleHere:
    """People by birth date."""

    by_born: dict[date | None, list[Here]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @classmethod
    def of(cls, people: Iterable[Here]) -> PeopleHere:
        """All of these."""
        found = cls()
        for person in people:
            found.add(person)
        return found

    def add(self, person: Here) -> None:
        """One more, such as one this import just made."""
        self.by_born[person.facts.born].append(person)

    def forget(self, key: UUID) -> None:
        """One who was rolled back."""
        for people in self.by_born.values():
            people[:] = [person for person in people if person.key != key]

    def exact(self, facts: PersonFacts) -> tuple[Here, ...]:
        """Those with the same folded name, birth date and sex."""
        wanted = Here(UUID(int=0), 0, facts).same
        people = self.by_born.get(facts.born, ())
        return tuple(person for person in people if person.same == wanted)

    def near(
        self,
        facts: PersonFacts,
        *,
        site_id: int | None = None,
        apart_from: Collection[UUID] = (),
    ) -> tuple[tuple[Here, Likeness], ...]:
        """Probable and possible matches, likeliest first."""
        found = []
        for born in _dates_like(facts.born, self.by_born):
            for person in self.by_born.get(born, ()):
                if person.key in apart_from or site_id not in (None, person.site_id):
                    continue
                likeness = likely_same(facts, person.facts)
                if likeness.match is not Match.NONE:
                    found.append((person, likeness))
        return tuple(sorted(found, key=lambda pair: (-pair[1].score, pair[0].key)))


def _dates_like(
    born: date | None, known: Collection[date | None]
) -> Iterator[date | None]:
    if born is None:
        yield from known
        return
    digits = f"{born:%Y%m%d}"
    swapped = digits[:4] + digits[6:] + digits[4:6]
    texts = {digits, swapped} | {
        digits[:place] + digit + digits[place + 1 :]
        for place in range(len(digits))
        for digit in "0123456789"
    }
    yield None
    for text in sorted(texts):
        try:
            yield date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            continue  # no such day
