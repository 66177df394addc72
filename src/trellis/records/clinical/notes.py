"""The words of a visit, and exactly what a signature stands under."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from trellis.core.errors import InvalidInput, RuleRefused


MOST_LETTERS = 20_000
MOST_REASON_LETTERS = 200


@dataclass(frozen=True, slots=True)
class Note:
    """The four sections. Nothing is filled in for anybody: empty is empty."""

    history: str = ""
    examination: str = ""
    assessment: str = ""
    plan: str = ""

    def check_length(self) -> None:
        """Return if every section fits.

        Raises:
            InvalidInput: a section is longer than 20,000 letters.
        """
        for name, text in asdict(self).items():
            if len(text) > MOST_LETTERS:
                raise InvalidInput(
                    name.capitalize(),
                    len(text),
                    accepted="up to %(most)s letters",
                    hint="Shorten it; nothing was saved.",
                    most=MOST_LETTERS,
                )

    def check_may_sign(self) -> None:
        """Return if the note says enough to be signed.

        Raises:
            RuleRefused: no assessment, or no plan.
        """
        if not self.assessment.strip():
            raise RuleRefused("Write the assessment before you sign.")
        if not self.plan.strip():
            raise RuleRefused("Write the plan before you sign.")


def signed_text(
    *,
    child_id: UUID,
    on: date,
    visit: str,
    note: Note,
    measurements: list[dict[str, Any]],
    doses: list[dict[str, Any]],
) -> str:
    """What is signed, as JSON that comes out the same for the same content."""
    content = {
        "child": str(child_id),
        "on": on.isoformat(),
        "visit": visit,
        "note": asdict(note),
        "measurements": sorted(measurements, key=lambda row: str(row["id"])),
        "doses": sorted(doses, key=lambda row: str(row["id"])),
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)


def digest(text: str) -> str:
    """SHA-256 of the signed text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_as_signed(text: str, signed_hash: str, note: Note) -> bool:
    """Whether the stored note is still, word by word, what was signed."""
    if digest(text) != signed_hash:
        return False
    signed = json.loads(text)["note"]
    return bool(signed == asdict(note))


def checked_reason(reason: str) -> str:
    """A reason without outer blanks.

    Raises:
        RuleRefused: it is empty.
        InvalidInput: it is longer than 200 letters.
    """
    text = reason.strip()
    if not text:
        raise RuleRefused("Say why in a few words; the entry stays readable.")
    if len(text) > MOST_REASON_LETTERS:
        raise InvalidInput(
            "Reason",
            len(text),
            accepted="up to %(most)s letters",
            hint="Shorten it.",
            most=MOST_REASON_LETTERS,
        )
    return text
