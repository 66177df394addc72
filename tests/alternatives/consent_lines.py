"""Generated request lines of ``trellis consent decide``, near the edges on purpose."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from trellis.core.access.cells import ROWS
from trellis.core.access.vocabulary import (
    Action,
    DataClass,
    Duty,
    Origin,
    Purpose,
    Relationship,
)
from trellis.core.consent.consents import ConsentKind, Element
from trellis.core.consent.wire_facts import FLAGS


NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
ELEMENTS = [element.value for element in Element]


def text_of(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def words(enum):
    return st.sampled_from([member.value for member in enum])


orgs = st.sampled_from(["o1", "o2", "o3"])
hours = st.sampled_from([-2000, -100, -72, -1, 0, 1, 50, 2000])
times = hours.map(lambda h: text_of(NOW + timedelta(hours=h)))
past_times = st.sampled_from([-2000, -100, -1, 0]).map(
    lambda h: text_of(NOW + timedelta(hours=h))
)
days = st.sampled_from([-400, -4, -3, -1, 0, 1, 3, 4, 400]).map(
    lambda d: (NOW + timedelta(days=d)).date().isoformat()
)
rarely = st.sampled_from([False, False, False, True])
mostly = st.sampled_from([True, True, True, False])


def maybe(strategy):
    return st.none() | strategy


recipients = st.sampled_from(
    [
        {"org": "o1"},
        {"org": "o2"},
        {"org": "o3"},
        {"person": "u7"},
        {"unit": "peds"},
        {"class": "TREATING_PROVIDERS"},
        {"class": "HEALTH_PLANS"},
        {"class": "PROGRAMME_HELPERS"},
        {"class": "PARTICIPANTS_TREATING"},
    ]
)
scopes = st.fixed_dictionaries(
    {
        "data_classes": st.lists(words(DataClass), max_size=2),
        "purposes": st.just([]) | st.lists(words(Purpose), max_size=2),
        "recipients": st.just([]) | st.lists(recipients, max_size=2),
    }
)
dated = {"from": days, "until": maybe(days)}


def consent(data_class, purpose):
    return st.fixed_dictionaries(
        {
            "id": st.sampled_from(["c1", "c2", "c3", "c4"]),
            "version": st.just(1),
            "kind": words(ConsentKind) | st.sampled_from(["TPO", "SPECIFIC"]),
            "subject_id": st.sampled_from(["p1", "p1", "p1", "p2"]),
            "grantor": st.just({"capacity": "self", "id": "p1"}),
            "disclosers": st.lists(
                st.sampled_from([{"org": "o1"}, {"class": "PROGRAMME"}, {"unit": "x"}]),
                min_size=1,
                max_size=2,
            ),
            "recipients": st.lists(recipients, min_size=1, max_size=3),
            "data_classes": st.lists(words(DataClass), max_size=2).map(
                lambda more: [data_class, *more]
            )
            | st.lists(words(DataClass), min_size=1),
            "purposes": st.lists(words(Purpose), max_size=2).map(
                lambda more: [purpose, *more]
            ),
            "starts_at": past_times | past_times | times,
            "ends_at": maybe(times),
            "expiry_event": st.sampled_from(["none", "none", "other", None]),
            "expiry_event_at": st.none() | st.none() | times,
            "signed_on": st.just("2026-01-01") | st.just("2026-01-01") | maybe(days),
            "signature_sha256": st.sampled_from(["0" * 64, "0" * 64, "0" * 64, None]),
            "elements": mostly.map(lambda ok: dict.fromkeys(ELEMENTS, ok)),
            "separate_document": mostly,
            "form": mostly.map(
                lambda ok: {
                    "text_id": "t",
                    "version": 1,
                    "language": "en",
                    "active_on_signing": ok,
                }
            ),
            "denies": st.just([]) | st.just([]) | st.lists(scopes, max_size=1),
            "revoked_at": st.none() | st.none() | times,
            "known_false_at": st.none() | st.none() | times,
            "intermediary": maybe(st.just({"name": "hie", "participants": ["o2"]})),
        }
    )


facts = st.fixed_dictionaries(
    {"site_tz": st.sampled_from(["America/New_York", "Pacific/Auckland"])},
    optional={
        **dict.fromkeys(FLAGS, mostly),
        "integrated_unit": st.fixed_dictionaries(
            {
                "id": st.just("i1"),
                "programme_org": st.sampled_from(["o1", "o1", "o2"]),
                "unit": st.sampled_from(["peds", "peds", "ob"]),
                **dated,
            }
        ),
        "qsoa": st.fixed_dictionaries(
            {
                "id": st.just("q1"),
                "programme_org": st.just("o1"),
                "org": orgs,
                "services": st.just(["group"]),
                **dated,
            }
        ),
        "service": st.sampled_from(["group", "other"]),
        "author_id": st.sampled_from(["u7", "u8"]),
        "administered": st.fixed_dictionaries(
            {
                "screen_id": st.just("s1"),
                "actor_ids": st.sampled_from([["u7"], ["u8"]]),
                "disposition_at": maybe(times),
                "signed_at": maybe(times),
            }
        ),
        "own_session": st.fixed_dictionaries(
            {
                "session_id": st.just("g1"),
                "on": days,
                "from": maybe(days),
                "until": maybe(days),
            }
        ),
        "address_release": st.fixed_dictionaries(
            {
                "id": st.just("r1"),
                "released_by": st.just("u9"),
                "to_actor": st.just("u7"),
                "subject_id": st.just("p1"),
                "visit_id": st.just("v1"),
                "from": times,
                "until": times,
            }
        ),
        "guardian": st.sampled_from(["representative", "other"]),
        "clinician_review": st.fixed_dictionaries({"by": st.just("u9"), "at": times}),
        "agreement_2_53": st.fixed_dictionaries(
            {"id": st.just("a1"), "org": orgs, **dated}
        ),
        "approvals": st.lists(
            st.fixed_dictionaries(
                {"by": st.sampled_from(["u7", "u8", "u9"]), "at": times}
            ),
            max_size=3,
        ),
        "restrictions": st.lists(
            st.tuples(
                scopes,
                st.fixed_dictionaries(
                    {
                        "id": st.just("x1"),
                        "kind": st.sampled_from(["agreed", "deny"]),
                        "from": times,
                        "withdrawn_at": maybe(times),
                    }
                ),
            ).map(lambda parts: {**parts[0], **parts[1]}),
            max_size=1,
        ),
        "tombstone": st.fixed_dictionaries({"scope": st.just("child"), "since": times}),
        "state_pack": st.fixed_dictionaries(
            {"code": st.just("MA"), "active": mostly, "review_until": days}
        ),
        "policy": st.fixed_dictionaries(
            {
                "version": st.just("2026.2"),
                "valid_until": st.none() | st.none() | times,
            }
        ),
    },
)
restricted = st.sampled_from([None] * 6 + [{"named": ["u7"]}, {"named": ["u8"]}])
grants = st.fixed_dictionaries(
    {
        "id": st.just("b1"),
        "actor_id": st.sampled_from(["u7", "u7", "u7", "u8"]),
        "subject_id": st.sampled_from(["p1", "p1", "p1", "p2"]),
        "opened_at": st.sampled_from([-61, -60, -30, 0, 5]).map(
            lambda m: text_of(NOW + timedelta(minutes=m))
        ),
        "closed_at": st.none() | st.none() | times,
        "reason_type": st.sampled_from(["life_threat", "disaster_closure"]),
        "reason_text": st.just("not responsive"),
        "consent_not_obtainable": mostly,
        "recipient": st.just({"name": "A. Ray", "affiliation": "Ward 2"}),
        "nature": st.just("overdose"),
        "unreviewed_since": st.none() | st.none() | times,
    }
).map(
    lambda g: {
        **g,
        "expires_at": text_of(
            datetime.fromisoformat(g["opened_at"]) + timedelta(minutes=60)
        ),
    }
)
actors = st.fixed_dictionaries(
    {
        "id": st.just("u7"),
        "org": orgs,
        "unit": maybe(st.just("peds")),
        "medical_personnel": st.booleans(),
        "duties": st.lists(words(Duty), max_size=2),
    }
)


open_cells = st.sampled_from([row[:2] for row in ROWS if row[3] != "NONE"])
any_cell = st.sampled_from([row[:2] for row in ROWS])
often = st.sampled_from(["TREAT", "TREAT", "TREAT", "HOPERAT", "HPAYMT"])
PURPOSE_OF = {"parent": "PATRQT", "evaluator_funder": "AUDITEVAL"}


@st.composite
def lines(draw):
    """One usable request line as a JSON object; most could be permitted."""
    data_class, role = draw(open_cells | open_cells | any_cell)
    purpose = draw(
        st.just(PURPOSE_OF.get(role) or draw(often)) | often | words(Purpose)
    )
    grant = draw(st.none() | grants)
    if grant and draw(mostly):
        purpose = "BTG"
    known = draw(facts)
    for name in ("policy", "restrictions", "tombstone"):
        if draw(mostly):
            known.pop(name, None)
    if kept := draw(restricted):
        known["restricted"] = kept
    relations = ["self", "proxy"] if role == "parent" else ["care_team", "external"]
    return {
        "id": "1",
        "actor": {**draw(actors), "role": role},
        "relationship": draw(st.sampled_from([*relations * 4, *Relationship]).map(str)),
        "purpose": purpose,
        "action": draw(words(Action) | st.just("read")),
        "data_class": data_class,
        "origin": draw(words(Origin)),
        "origin_org": draw(st.sampled_from(["o1", "o1", "o2"])),
        "author_org": draw(orgs),
        "subject_id": "p1",
        "recipient_org": draw(maybe(orgs)),
        "at": text_of(NOW),
        "env": {"kiosk": draw(rarely) and draw(rarely), "network": "site"},
        "facts": known,
        "consents": draw(
            st.just([]) | st.lists(consent(data_class, purpose), max_size=2)
        ),
        "break_glass": grant,
    }
