"""Reading consents, deny provisions and break-glass grants of a line."""

from __future__ import annotations

import re
from typing import Final

from trellis.core.access.vocabulary import DataClass, Purpose
from trellis.core.consent.consents import (
    Capacity,
    Consent,
    ConsentKind,
    Element,
    ExpiryEvent,
    Form,
    Grantor,
    Intermediary,
)
from trellis.core.consent.facts import (
    BREAK_GLASS_LASTS,
    BreakGlass,
    EmergencyKind,
    Scope,
)
from trellis.core.consent.json_fields import Fields, refused
from trellis.core.consent.recipients import Party, PartyClass, RecipientKind


SHA256: Final = re.compile(r"[0-9a-fA-F]{64}", flags=re.ASCII)
DISCLOSER_CLASSES: Final = frozenset({PartyClass.PROGRAMME})
RECIPIENT_CLASSES: Final = frozenset(PartyClass) - DISCLOSER_CLASSES


def consent_from(fields: Fields) -> Consent:
    """One consent; every field is required, ``intermediary`` apart.

    Raises:
        InvalidInput: a field is missing or not usable.
    """
    grantor = fields.nested("grantor")
    return Consent(
        id=fields.text("id"),
        version=fields.whole_number("version"),
        kind=fields.word("kind", ConsentKind),
        subject_id=fields.text("subject_id"),
        grantor=Grantor(
            capacity=grantor.word("capacity", Capacity),
            id=grantor.nullable("id", grantor.text),
        ),
        disclosers=_parties(fields, "disclosers", DISCLOSER_CLASSES),
        recipients=_parties(fields, "recipients", RECIPIENT_CLASSES),
        data_classes=fields.some(
            "data_classes", fields.words("data_classes", DataClass)
        ),
        purposes=fields.some("purposes", fields.words("purposes", Purpose)),
        starts_at=fields.instant("starts_at"),
        ends_at=fields.nullable("ends_at", fields.instant),
        expiry_event=fields.nullable(
            "expiry_event", lambda name: fields.word(name, ExpiryEvent)
        ),
        expiry_event_at=fields.nullable("expiry_event_at", fields.instant),
        signed_on=fields.nullable("signed_on", fields.day),
        signature_sha256=fields.nullable(
            "signature_sha256", lambda name: _signature(fields, name)
        ),
        elements=_elements(fields.nested("elements")),
        separate_document=fields.flag("separate_document"),
        form=_form(fields.nested("form")),
        denies=tuple(scope_from(item) for item in fields.objects("denies")),
        revoked_at=fields.nullable("revoked_at", fields.instant),
        known_false_at=fields.nullable("known_false_at", fields.instant),
        intermediary=fields.optional(
            "intermediary", lambda name: _intermediary(fields.nested(name))
        ),
    )


def scope_from(fields: Fields) -> Scope:
    """What a denial or restriction is about; an empty list means all.

    Raises:
        InvalidInput: a field is missing or not usable.
    """
    recipients = fields.objects("recipients")
    return Scope(
        data_classes=fields.words("data_classes", DataClass),
        purposes=fields.words("purposes", Purpose),
        recipients=frozenset(_party(item, RECIPIENT_CLASSES) for item in recipients),
    )


def grant_from(fields: Fields) -> BreakGlass:
    """A break-glass grant, with the record that 42 CFR 2.51 asks for.

    Raises:
        InvalidInput: a field is missing or not usable, the reason is empty, or the
            grant lasts longer than sixty minutes.
    """
    recipient = fields.nested("recipient")
    grant = BreakGlass(
        id=fields.text("id"),
        actor_id=fields.text("actor_id"),
        subject_id=fields.text("subject_id"),
        opened_at=fields.instant("opened_at"),
        expires_at=fields.instant("expires_at"),
        closed_at=fields.nullable("closed_at", fields.instant),
        reason_type=fields.word("reason_type", EmergencyKind),
        reason_text=fields.text("reason_text"),
        consent_not_obtainable=fields.flag("consent_not_obtainable"),
        recipient_name=recipient.text("name"),
        recipient_affiliation=recipient.text("affiliation"),
        nature=fields.text("nature"),
        unreviewed_since=fields.nullable("unreviewed_since", fields.instant),
    )
    if not grant.reason_text.strip():
        raise refused(fields.where("reason_text"), grant.reason_text, "a reason")
    if grant.expires_at - grant.opened_at > BREAK_GLASS_LASTS:
        accepted = "at most 60 minutes after opened_at"
        raise refused(fields.where("expires_at"), fields.raw("expires_at"), accepted)
    return grant


def _parties(
    fields: Fields, name: str, classes: frozenset[PartyClass]
) -> frozenset[Party]:
    parties = frozenset(_party(item, classes) for item in fields.objects(name))
    return fields.some(name, parties)


def _party(fields: Fields, classes: frozenset[PartyClass]) -> Party:
    kinds = [kind for kind in RecipientKind if fields.is_given(kind)]
    if len(kinds) != 1:
        raise refused(
            fields.where("*"), kinds, "exactly one of " + ", ".join(RecipientKind)
        )
    kind = kinds[0]
    if kind is not RecipientKind.CLASS:
        return Party(kind, fields.text(kind))
    named = fields.word(kind, PartyClass)
    if named not in classes:
        accepted = "one of " + ", ".join(sorted(classes))
        raise refused(fields.where(kind), named.value, accepted)
    return Party(kind, named.value)


def _signature(fields: Fields, name: str) -> str:
    text = fields.text(name)
    if not SHA256.fullmatch(text):
        raise refused(fields.where(name), text, "64 hexadecimal digits")
    return text


def _elements(fields: Fields) -> frozenset[Element]:
    return frozenset(e for e in Element if fields.is_given(e) and fields.flag(e))


def _form(fields: Fields) -> Form:
    return Form(
        text_id=fields.text("text_id"),
        version=fields.whole_number("version"),
        language=fields.text("language"),
        active_on_signing=fields.flag("active_on_signing"),
    )


def _intermediary(fields: Fields) -> Intermediary:
    return Intermediary(
        name=fields.text("name"), participants=frozenset(fields.texts("participants"))
    )
