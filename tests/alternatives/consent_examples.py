"""Plain JSON requests, consents and grants for tests, changed by name."""

NOW = "2026-11-22T14:00:00Z"
ELEMENTS = (
    "patient_name",
    "disclosers",
    "information",
    "recipients",
    "purpose",
    "right_to_revoke",
    "expiry",
    "signature",
    "date",
    "redisclosure_statement",
    "refusal_statement",
)


def a_request(role, data_class, **changes):
    """A member of a partner (o2) asks for rows of the programme (o1)."""
    actor = {
        "id": "u7",
        "role": role,
        "org": "o2",
        "unit": "peds",
        "medical_personnel": False,
        "duties": [],
    }
    actor.update(changes.pop("actor", {}))
    line = {
        "id": "1",
        "actor": actor,
        "relationship": "care_team",
        "purpose": "TREAT",
        "action": "read",
        "data_class": data_class,
        "origin": "part2",
        "origin_org": "o1",
        "author_org": "o1",
        "subject_id": "p1",
        "recipient_org": None,
        "at": NOW,
        "env": {"kiosk": False, "network": "site"},
        "facts": {},
        "consents": [],
        "break_glass": None,
    }
    return {**line, **changes}


def a_consent(kind, *data_classes, **changes):
    """A complete consent of the programme's patient for the partner o2."""
    consent = {
        "id": "c1",
        "version": 1,
        "kind": kind,
        "subject_id": "p1",
        "grantor": {"capacity": "self", "id": "p1"},
        "disclosers": [{"class": "PROGRAMME"}],
        "recipients": [{"org": "o2"}],
        "data_classes": list(data_classes),
        "purposes": ["TREAT"],
        "starts_at": "2026-10-01T04:00:00Z",
        "ends_at": None,
        "expiry_event": "none",
        "expiry_event_at": None,
        "signed_on": "2026-10-01",
        "signature_sha256": "a" * 64,
        "elements": dict.fromkeys(ELEMENTS, True),
        "separate_document": True,
        "form": {
            "text_id": "tpo-en",
            "version": 3,
            "language": "en",
            "active_on_signing": True,
        },
        "denies": [],
        "revoked_at": None,
        "known_false_at": None,
    }
    return {**consent, **changes}


def a_grant(**changes):
    """An emergency grant, opened ten minutes ago."""
    grant = {
        "id": "b1",
        "actor_id": "u7",
        "subject_id": "p1",
        "opened_at": "2026-11-22T13:50:00Z",
        "expires_at": "2026-11-22T14:50:00Z",
        "closed_at": None,
        "reason_type": "unconscious",
        "reason_text": "Not responsive in the waiting room.",
        "consent_not_obtainable": True,
        "recipient": {"name": "A. Ray", "affiliation": "Ward 2"},
        "nature": "suspected overdose",
        "unreviewed_since": None,
    }
    return {**grant, **changes}
