"""Observation: weight, length and head circumference; everything else is counted."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from trellis.core.people.histories import Measured, Problem
from trellis.fhir.documents import Entry
from trellis.fhir.values import (
    LOINC,
    Left,
    Lifetime,
    code_of,
    codings,
    object_at,
    read_day,
    text,
)


class Kind(NamedTuple):
    """What a LOINC code measures: our field, and lying or standing where known."""

    field: str
    words: str
    position: str | None = None


KINDS: Final = {
    "29463-7": Kind("weight_g", "Weight"),
    "3141-9": Kind("weight_g", "Weight"),
    "8339-4": Kind("weight_g", "Birth weight"),
    "8302-2": Kind("length_mm", "Length"),
    "8306-3": Kind("length_mm", "Length", "l"),
    "8308-9": Kind("length_mm", "Height", "h"),
    "89269-5": Kind("length_mm", "Birth length", "l"),
    "9843-4": Kind("head_mm", "Head circumference"),
    "8287-5": Kind("head_mm", "Head circumference"),
    "8290-9": Kind("head_mm", "Birth head circumference"),
}
_GRAMS: Final = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "[lb_av]": Decimal("453.59237"),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "[oz_av]": Decimal("28.349523125"),
    "oz": Decimal("28.349523125"),
}
_MILLIMETRES: Final = {
    "cm": Decimal(10),
    "mm": Decimal(1),
    "m": Decimal(1000),
    "[in_i]": Decimal("25.4"),
    "in": Decimal("25.4"),
}
# Outside these bounds a value is a slip of unit or typing in any child under 18.
_POSSIBLE: Final = {
    "weight_g": (200, 250_000),
    "length_mm": (200, 2_300),
    "head_mm": (100, 750),
}
_KEPT_STATUS: Final = frozenset({"final", "amended", "corrected"})


def read_observation(entry: Entry, lifetime: Lifetime) -> Measured | Problem | Left:
    """A body measurement, why it is none, or Left for any other observation."""
    resource = entry.resource
    kind = next((KINDS[code] for code in _codes(entry) if code in KINDS), None)
    if kind is None:
        return Left(f"Observation {code_of(resource, 'code', LOINC)}".strip())
    status = text(resource, "status")
    if status not in _KEPT_STATUS:
        sentence = f"{kind.words} has the status {status!r}; it was not kept."
        return entry.problem("status", sentence)
    sent = text(resource, "effectiveDateTime") or text(
        resource, "effectivePeriod", "start"
    )
    try:
        on = read_day(sent)
    except ValueError as problem:
        return entry.problem("effectiveDateTime", f"{kind.words}: {problem} Not kept.")
    refusal = lifetime.refusal(on, kind.words)
    if refusal:
        return entry.problem("effectiveDateTime", refusal)
    value = _value(entry, kind)
    if isinstance(value, Problem):
        return value
    number = text(resource, "id")
    return Measured(
        key=f"Observation/{number}" if number else f"{on.isoformat()}:{kind.field}",
        on=on,
        weight_g=value if kind.field == "weight_g" else None,
        length_mm=value if kind.field == "length_mm" else None,
        head_mm=value if kind.field == "head_mm" else None,
        position=kind.position,
    )


def _codes(entry: Entry) -> list[str]:
    return [one.code for one in codings(entry.resource, "code") if one.system in LOINC]


def _value(entry: Entry, kind: Kind) -> int | Problem:
    quantity = object_at(entry.resource, "valueQuantity")
    number = quantity.get("value")
    if isinstance(number, bool) or not isinstance(number, int | float):
        return entry.problem(
            "valueQuantity", f"{kind.words} without a value; not kept."
        )
    unit = text(quantity, "code") or text(quantity, "unit")
    factors = _GRAMS if kind.field == "weight_g" else _MILLIMETRES
    if unit not in factors:
        accepted = ", ".join(factors)
        sentence = (
            f"{kind.words} in {unit or 'no unit'}; accepted: {accepted}. Not kept."
        )
        return entry.problem("valueQuantity", sentence)
    try:
        value = int((Decimal(str(number)) * factors[unit]).to_integral_value())
    except (InvalidOperation, OverflowError, ValueError):
        value = 0
    low, high = _POSSIBLE[kind.field]
    if not low <= value <= high:
        sentence = f"{kind.words} of {number} {unit} is not possible; it was not kept."
        return entry.problem("valueQuantity", sentence)
    return value
