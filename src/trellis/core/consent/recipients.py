"""Who is named in a consent: an organisation, a person, a unit or a class of them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from trellis.core.access.vocabulary import Purpose
from trellis.core.consent.requests import Request


class RecipientKind(StrEnum):
    """How a party is named."""

    ORG = "org"
    PERSON = "person"
    UNIT = "unit"
    CLASS = "class"


class PartyClass(StrEnum):
    """The classes of parties that a consent may name (42 CFR 2.31(a)(4))."""

    PROGRAMME = "PROGRAMME"
    TREATING_PROVIDERS = "TREATING_PROVIDERS"
    HEALTH_PLANS = "HEALTH_PLANS"
    PAYERS = "PAYERS"
    PROGRAMME_HELPERS = "PROGRAMME_HELPERS"
    PARTICIPANTS_TREATING = "PARTICIPANTS_TREATING"


PURPOSE_OF_CLASS = {
    PartyClass.TREATING_PROVIDERS: Purpose.TREATMENT,
    PartyClass.HEALTH_PLANS: Purpose.PAYMENT,
    PartyClass.PAYERS: Purpose.PAYMENT,
    PartyClass.PROGRAMME_HELPERS: Purpose.OPERATIONS,
}


@dataclass(frozen=True, slots=True)
class Party:
    """One discloser or recipient. For the kind ``class`` the name is a PartyClass."""

    kind: RecipientKind
    name: str

    def discloses_for(self, request: Request) -> bool:
        """Whether the rows of the request are this party's to disclose."""
        if self.kind is RecipientKind.ORG:
            return self.name == request.origin_org
        is_programme = self.kind is RecipientKind.CLASS and request.is_part2
        return is_programme and self.name == PartyClass.PROGRAMME

    def receives(
        self,
        request: Request,
        *,
        is_treating: bool,
        participants: AbstractSet[str] = frozenset(),
    ) -> bool:
        """Whether this party would receive what is asked for.

        A person or unit receives only what stays in the actor's organisation.
        ``participants`` are those of an intermediary.
        """
        if self.kind is RecipientKind.ORG:
            return self.name == request.receiving_org
        if self.kind is RecipientKind.CLASS:
            return self._class_receives(request, is_treating, participants)
        if request.receiving_org != request.actor.org:
            return False
        actor = request.actor
        return self.name == (
            actor.id if self.kind is RecipientKind.PERSON else actor.unit
        )

    def _class_receives(
        self, request: Request, is_treating: bool, participants: AbstractSet[str]
    ) -> bool:
        if self.name == PartyClass.PARTICIPANTS_TREATING:
            return is_treating and request.receiving_org in participants
        if self.name == PartyClass.TREATING_PROVIDERS and not is_treating:
            return False
        return PURPOSE_OF_CLASS.get(PartyClass(self.name)) is request.purpose
