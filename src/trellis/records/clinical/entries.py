"""What one form of measurements would change, against what stands already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from trellis.core.errors import Conflict, NeedsConfirmation
from trellis.core.growth.plausible import SENTENCES, Unusual
from trellis.records.clinical.models import Measurement


FIELD_OF: Final = {
    Measurement.WEIGHT: "weight_g",
    Measurement.LENGTH: "length_mm",
    Measurement.HEAD: "head_mm",
}


class Asked(NamedTuple):
    """One value as entered: g or mm; ``position`` "l", "h" or "" for length alone."""

    kind: str
    value: int
    position: str


def asked_of(
    weight_g: int | None, length_mm: int | None, position: str, head_mm: int | None
) -> list[Asked]:
    """The values of a form that say something; None leaves what stands."""
    values = (
        (Measurement.WEIGHT, weight_g, ""),
        (Measurement.LENGTH, length_mm, position),
        (Measurement.HEAD, head_mm, ""),
    )
    return [
        Asked(kind, value, place) for kind, value, place in values if value is not None
    ]


def to_confirm(reasons: Iterable[Unusual]) -> NeedsConfirmation:
    """The question to the person who measured, with every reason."""
    found = tuple(reasons)
    return NeedsConfirmation(
        " ".join(reason.sentence for reason in found),
        reasons=tuple((r.field, SENTENCES[r.key], dict(r.values)) for r in found),
    )


def changes_of(
    asked: Iterable[Asked],
    rows: Iterable[Measurement],
    current: Mapping[str, Measurement],
    keys: Mapping[str, UUID],
    seen: Mapping[str, UUID | None],
) -> Iterator[Asked]:
    """What would change; a value that stands, or an old submit again, does not.

    Raises:
        Conflict: the value to be replaced is not the one that was seen.
    """
    made = {row.pk: Asked(row.kind, row.value, row.position) for row in rows}
    for wanted in asked:
        now = current.get(wanted.kind)
        if now is not None and made[now.pk] == wanted:
            continue
        key = keys[wanted.kind]
        if made.get(key) == wanted:
            continue
        if key in made or (now is not None and seen.get(wanted.kind) != now.pk):
            raise Conflict(
                "Somebody else entered another value meanwhile. "
                "Look at both, then save the right one.",
                current=f"{wanted.kind}: {now.value}" if now else "",
            )
        yield wanted
