"""A roster line's values as the columns of our tables."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from trellis.core.people.dyads import CaregiverKind
from trellis.core.people.names import PersonFacts, folded
from trellis.core.people.roster import RosterLine, RosterParent


_US_DIGITS: Final = 10
_NEW_PARENT_DAYS: Final = 365


def e164(phone: str) -> str:
    """``+`` and digits; ten digits are a number of the United States."""
    digits = re.sub(r"\D", "", phone)
    if not digits or phone.strip().startswith("+"):
        return f"+{digits}" if digits else ""
    return f"+1{digits}" if len(digits) == _US_DIGITS else f"+{digits}"


def parent_columns(parent: RosterParent) -> dict[str, Any]:
    """The parent's own columns that the line fills; an empty cell fills none."""
    found = {
        "external_id": parent.external_id,
        "first_name": parent.first_name,
        "last_name": parent.last_name,
        "chosen_name": parent.chosen_name,
        "born": parent.born,
        "phone": e164(parent.phone),
        "email": parent.email,
        "language": parent.language,
        "needs_interpreter": parent.needs_interpreter,
        "races": list(parent.race),
        "ethnicity": parent.ethnicity,
        "payer": parent.payer,
    }
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def child_columns(line: RosterLine) -> dict[str, Any]:
    """The child's own columns that the line fills; an empty cell fills none."""
    child = line.child
    if child is None:
        return {}
    weeks = child.gestation_weeks
    found = {
        "external_id": child.external_id,
        "first_name": child.first_name,
        "last_name": child.last_name,
        "born": child.born,
        "sex": child.sex,
        "birth_order": child.birth_order,
        "gestation_days": weeks * 7 if weeks is not None else None,
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def searched_as(first: str, last: str, chosen: str = "") -> str:
    """The name as ``folded`` columns hold it."""
    return folded(f"{first} {last} {chosen}")[:250]


def parent_facts(line: RosterLine) -> PersonFacts:
    """What a parent is compared by."""
    parent = line.parent
    return PersonFacts(parent.first_name, parent.last_name, parent.born)


def child_facts(line: RosterLine) -> PersonFacts:
    """What a child is compared by; the mother only where the line names her.

    Raises:
        ValueError: the line has no child.
    """
    child, parent = line.child, line.parent
    if child is None:
        raise ValueError("the line has no child")
    is_mother = line.relationship is CaregiverKind.BIRTH_PARENT
    return PersonFacts(
        child.first_name,
        child.last_name,
        child.born,
        child.sex,
        f"{parent.first_name} {parent.last_name}" if is_mother else None,
        child.birth_order,
    )


def dyad_starts(line: RosterLine, born: date, today: date) -> date:
    """With a birth parent the birth; else the first date the line tells, or today."""
    if line.relationship is CaregiverKind.BIRTH_PARENT:
        return born
    told = line.parent.referred_on or line.parent.enrolled_on or today
    return max(born, told)


def stage_of(line: RosterLine, today: date) -> str:
    """The stage told; else what a due date or the child's age says."""
    if line.parent.stage:
        return line.parent.stage
    if line.child is None:
        return "prenatal" if line.parent.due_on else "intake"
    is_young = (today - line.child.born).days < _NEW_PARENT_DAYS
    return "postpartum" if is_young else "parenting"
