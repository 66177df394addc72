"""The JSON of ``trellis consent decide``: a line in, a decision out.

Source: privacy.md 4.4; unknown fields are ignored, everything else is strict.
"""

from __future__ import annotations

from dataclasses import dataclass

from trellis.core.access.vocabulary import (
    Action,
    DataClass,
    Duty,
    Origin,
    Purpose,
    Relationship,
    Role,
)
from trellis.core.consent.consents import Consent
from trellis.core.consent.decisions import Decision, decide, instant_text
from trellis.core.consent.facts import BreakGlass, Facts
from trellis.core.consent.json_fields import Fields
from trellis.core.consent.requests import Actor, Environment, Network, Request
from trellis.core.consent.wire_consents import consent_from, grant_from
from trellis.core.consent.wire_facts import facts_from


@dataclass(frozen=True, slots=True)
class Line:
    """One parsed line; ``id`` is repeated in the answer."""

    id: str
    request: Request
    facts: Facts
    consents: tuple[Consent, ...]
    break_glass: BreakGlass | None

    def answer(self) -> dict[str, object]:
        """Decide the line and return the object to be written."""
        decision = decide(
            self.request, self.facts, self.consents, break_glass=self.break_glass
        )
        return decision_as_json(self.id, decision)


def line_from(value: object) -> Line:
    """Read one JSON object.

    Raises:
        InvalidInput: a required field is missing, a type is wrong or a word unknown;
            the message names the field.
    """
    fields = Fields(value)
    return Line(
        id=fields.text("id"),
        request=_request_from(fields),
        facts=facts_from(fields.nested("facts")),
        consents=tuple(consent_from(item) for item in fields.objects("consents")),
        break_glass=fields.nullable(
            "break_glass", lambda name: grant_from(fields.nested(name))
        ),
    )


def id_of(value: object) -> str | None:
    """The id of a line that may be unusable otherwise."""
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def decision_as_json(line_id: str | None, decision: Decision) -> dict[str, object]:
    """The answer object, its keys in the published order."""
    until = decision.cacheable_until
    return {
        "id": line_id,
        "effect": decision.effect.value,
        "view": decision.view.value,
        "view_name": decision.view_name,
        "reasons": list(decision.reasons),
        "consent_ids": list(decision.consent_ids),
        "obligations": list(decision.obligations),
        "policy_version": decision.policy_version,
        "cacheable_until": None if until is None else instant_text(until),
    }


def _request_from(fields: Fields) -> Request:
    environment = fields.nested("env")
    return Request(
        actor=_actor_from(fields.nested("actor")),
        relationship=fields.word("relationship", Relationship),
        purpose=fields.word("purpose", Purpose),
        action=fields.word("action", Action),
        data_class=fields.word("data_class", DataClass),
        origin=fields.word("origin", Origin),
        origin_org=fields.text("origin_org"),
        author_org=fields.text("author_org"),
        subject_id=fields.text("subject_id"),
        recipient_org=fields.nullable("recipient_org", fields.text),
        at=fields.instant("at"),
        environment=Environment(
            kiosk=environment.flag("kiosk"),
            network=environment.word("network", Network),
        ),
    )


def _actor_from(fields: Fields) -> Actor:
    return Actor(
        id=fields.text("id"),
        role=fields.word("role", Role),
        org=fields.text("org"),
        unit=fields.nullable("unit", fields.text),
        medical_personnel=fields.flag("medical_personnel"),
        duties=fields.words("duties", Duty),
    )
