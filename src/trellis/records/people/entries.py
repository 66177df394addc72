"""What a form or a file hands over about a person, and the columns it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from trellis.core.errors import InvalidInput
from trellis.core.people.ages import DAYS_IN_WEEK, Gestation
from trellis.core.people.dyads import ALL, Authority, CaregiverKind
from trellis.core.people.entries import (
    check_born_adult,
    check_born_child,
    kept_name,
    kept_text,
    searched_name,
)
from trellis.records.people.phones import e164


LONGEST_EXTERNAL_ID = 60
MOST_AT_ONE_BIRTH = 6
SEXES = frozenset({"m", "f", ""})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an adult is. ``external_id`` is the site's own number."""

    first_name: str
    last_name: str = ""
    chosen_name: str = ""
    born: date | None = None
    external_id: str = ""

    def columns(self, on: date) -> dict[str, Any]:
        """Ready to be kept.

        Raises:
            InvalidInput: a name is missing or too long, the birth date cannot be.
        """
        check_born_adult(self.born, on)
        names = {
            "first_name": kept_name("First name", self.first_name, is_required=True),
            "last_name": kept_name("Last name", self.last_name),
            "chosen_name": kept_name("Chosen name", self.chosen_name),
        }
        return {
            **names,
            "folded": searched_name(*names.values()),
            "born": self.born,
            "external_id": _external_id(self.external_id),
        }


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach an adult in the open; safe ways are kept apart."""

    phone: str = ""
    email: str = ""

    def columns(self) -> dict[str, Any]:
        """Ready to be kept.

        Raises:
            InvalidInput: nobody could be reached under the number.
        """
        return {"phone": e164(self.phone), "email": self.email.strip()}


@dataclass(frozen=True, slots=True)
class Planning:
    """What the programme plans by; race and ethnicity as the person says it."""

    language: str = ""
    needs_interpreter: bool | None = None
    races: tuple[str, ...] = ()
    ethnicity: str = ""
    payer: str = ""

    def columns(self) -> dict[str, Any]:
        """Ready to be kept."""
        return {
            "language": self.language,
            "needs_interpreter": self.needs_interpreter,
            "races": sorted(self.races),
            "ethnicity": self.ethnicity,
            "payer": self.payer,
        }


@dataclass(frozen=True, slots=True)
class NewParent:
    """An adult to be registered; ``key`` becomes the row's own."""

    key: UUID
    site_id: int
    identity: Identity
    contact: Contact = Contact()
    planning: Planning = Planning()


@dataclass(frozen=True, slots=True)
class ChildIdentity:
    """Who a child is. ``sex`` "m", "f" or "" (unknown)."""

    first_name: str
    last_name: str
    born: date
    sex: str = ""
    birth_order: int | None = None
    external_id: str = ""

    def columns(self, on: date) -> dict[str, Any]:
        """Ready to be kept.

        Raises:
            InvalidInput: a name is missing or too long, or a value cannot be.
        """
        check_born_child(self.born, on)
        if self.birth_order is not None and not (
            1 <= self.birth_order <= MOST_AT_ONE_BIRTH
        ):
            raise InvalidInput(
                "Birth order",
                self.birth_order,
                accepted="%(least)s to %(most)s",
                hint="Leave it empty for a single birth.",
                least=1,
                most=MOST_AT_ONE_BIRTH,
            )
        names = {
            "first_name": kept_name("Child's name", self.first_name, is_required=True),
            "last_name": kept_name("Child's last name", self.last_name),
        }
        return {
            **names,
            "folded": searched_name(*names.values()),
            "born": self.born,
            "sex": self.sex if self.sex in SEXES else "",
            "birth_order": self.birth_order,
            "external_id": _external_id(self.external_id),
        }


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child to be registered with its caregiver; ``key`` becomes the child's own."""

    key: UUID
    identity: ChildIdentity
    gestation: Gestation | None = None
    kind: CaregiverKind = CaregiverKind.BIRTH_PARENT
    authority: Authority = ALL
    starts: date | None = None  # None: since birth

    @property
    def gestation_days(self) -> int | None:
        """Whole days of pregnancy, None where nobody recorded it."""
        return self.gestation.total_days if self.gestation else None


def gestation_of(days: int | None) -> Gestation | None:
    """The charted gestation of a stored number of days."""
    return Gestation(*divmod(days, DAYS_IN_WEEK)) if days is not None else None


def authority_columns(authority: Authority) -> dict[str, bool]:
    """The columns of what a caregiver may do."""
    return {
        "may_consent": authority.may_consent_to_care,
        "may_attend": authority.may_attend,
        "may_be_messaged": authority.may_be_messaged,
        "may_see_record": authority.may_see_child_record,
    }


def _external_id(typed: str) -> str:
    value = kept_text(typed)
    if len(value) > LONGEST_EXTERNAL_ID:
        raise InvalidInput(
            "Site's own number",
            len(value),
            accepted="up to %(most)s letters",
            hint="Check what was pasted here.",
            most=LONGEST_EXTERNAL_ID,
        )
    return value
