"""A partner's staff in the same house, whose unit is not integrated: consent decides.

They work at the programme's site for another organisation. Every value of a family is
marked (``test_no_leak``), and every query is asked. What a TPO opens is the list of
privacy.md 3.2: the cells of nurse and paediatrics that name TPO. The child's own chart
is no Part 2 record and follows the care team, with or without the parent's consent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests import factories as make
from tests.factories import NINE, PARTNER, PROGRAMME, SITE, TODAY, a_viewer
from tests.integration.access import test_no_leak as marked
from trellis.core.access.matrix import CELLS
from trellis.core.access.vocabulary import DataClass, Role, Token
from trellis.core.consent.consents import Element
from trellis.core.errors import NotFound
from trellis.core.people.dyads import Authority, CaregiverKind
from trellis.records.audit.models import AuditEntry
from trellis.records.care import operations as care
from trellis.records.care.queries import parent_page
from trellis.records.clinical import operations as clinical
from trellis.records.clinical.models import Encounter
from trellis.records.clinical.notes import Note
from trellis.records.consent.models import Directive
from trellis.records.groups import operations as groups
from trellis.records.groups.models import Place
from trellis.records.people import operations as people
from trellis.records.people.entries import Contact, Identity


pytestmark = [pytest.mark.django_db, pytest.mark.both]
world = marked.world

CLINICAL = (Role.NURSE, Role.PAEDIATRICS)
# A facilitator knows the first names of the own session, whoever employs her.
STAFF = tuple(sorted(set(Role) - {Role.PARENT, Role.FACILITATOR}))
OWN_CHART = frozenset({DataClass.CHILD_IDENTITY, DataClass.CHILD_WELLCHILD})
# What the marked family's TPO opens for the two: by class, the fields that are shown.
BY_TPO = frozenset(
    {
        *("Qadfirst", "Qadlast", "555-0142", "qadult@example.org", "QADEXT"),
        *("1991-03-17", "2026-12-29"),  # identity; since when they are a dyad
        *("qplang", "qpayer", "Qmakeupnote", "2027-03-29"),  # VISIT_ADMIN
        *("14:07:31", "absence_reason=transport"),  # who came, and why not
    }
)
LISTED = (  # as a form would list them; what the matrix keeps closed is among them
    DataClass.ADULT_IDENTITY,
    DataClass.DYAD_LINK,
    DataClass.COHORT_ATTENDANCE,
    DataClass.PROGRAMME_RECORD,
    DataClass.SAFE_ADDRESS,
    DataClass.SUD_TREATMENT,
    DataClass.OB_POSTPARTUM,
    DataClass.CONSENTS_ACCOUNTING,
    DataClass.CPS_CUSTODY_LEGAL,
)


def partner(role, **other):
    """Somebody of the partner on the family's care team, at the programme's site."""
    return replace(a_viewer(role, org=PARTNER, is_integrated=False), **other)


def a_tpo(patient, *, version=1, directive=None, **terms):
    """One version of a TPO as privacy.md 4.4 has it, signed by the patient."""
    directive = directive or uuid4()
    signed = {
        "id": str(directive),
        "version": version,
        "kind": "TPO",
        "subject_id": str(patient),
        "grantor": {"capacity": "self", "id": str(patient)},
        "disclosers": [{"org": str(PROGRAMME)}],
        "recipients": [{"class": "TREATING_PROVIDERS"}],
        "data_classes": [one.value for one in LISTED],
        "purposes": ["TREAT", "HPAYMT", "HOPERAT"],
        "starts_at": "2026-10-01T04:00:00Z",
        "ends_at": None,
        "expiry_event": "none",
        "expiry_event_at": None,
        "signed_on": "2026-10-01",
        "signature_sha256": "0" * 64,
        "elements": {element.value: True for element in Element},
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
        **terms,
    }
    return stored(patient, Directive.CONSENT, directive, version, signed)


def a_denial(patient, classes=(), **terms):
    """The patient does not want the partner to be told; no class named means all."""
    directive = uuid4()
    said = {
        "id": str(directive),
        "kind": "deny",
        "data_classes": [one.value for one in classes],
        "purposes": [],
        "recipients": [{"org": str(PARTNER)}],
        "from": "2026-09-01T04:00:00Z",
        "withdrawn_at": None,
        **terms,
    }
    return stored(patient, Directive.RESTRICTION, directive, 1, said)


def stored(patient, kind, directive, version, terms):
    with make.in_context_of(SITE):
        Directive.ungated.create(
            **marked._row("part2"),
            directive_id=directive,
            version=version,
            kind=kind,
            subject_id=patient,
            terms=terms,
        )
    return directive


def told_to(world, viewer):
    """The marks that any query tells the viewer."""
    every = marked.queries()
    asked = [*marked.CALLS.items(), *marked.AGAIN.items()]
    text = "".join(
        marked.answer_of(every[name], viewer, arguments(world))
        for name, arguments in asked
    )
    return {mark for mark in marked.MARKS if mark.text in text}


def of_parent(marks):
    """Of the marks, the texts about the parent and the family in the programme."""
    outside = OWN_CHART | {DataClass.GROUP_RECORD}
    return {mark.text for mark in marks if mark.data_class not in outside}


def classes_of(marks):
    return {mark.data_class for mark in marks}


def test_without_consent_nobody_of_the_partner_is_told_of_a_parent(world):
    for role in STAFF:
        assert of_parent(told_to(world, partner(role))) == set(), role


def test_who_is_on_no_care_team_there_is_told_of_no_family_at_all(world):
    for role in STAFF:
        stranger = partner(role, user_id=uuid4())
        assert classes_of(told_to(world, stranger)) <= {DataClass.GROUP_RECORD}, role


@pytest.mark.parametrize("role", CLINICAL)
def test_a_tpo_opens_what_the_matrix_names_and_nothing_else(world, role):
    before = told_to(world, partner(role))
    a_tpo(world.keys["parent"])
    after = told_to(world, partner(role))
    assert of_parent(after) == BY_TPO
    assert before <= after  # what is due of the child now stands on lists as well
    opened = classes_of(after) - classes_of(before)
    assert all(names_tpo(data_class, role) for data_class in opened)


def names_tpo(data_class, role):
    return any(Token.TPO in one.needed for one in CELLS[data_class, role].openings)


def test_the_same_consent_opens_nothing_that_a_role_s_cells_do_not_name(world):
    a_tpo(world.keys["parent"])
    for role in STAFF:
        seen = {m for m in told_to(world, partner(role)) if m.text in BY_TPO}
        assert all(names_tpo(mark.data_class, role) for mark in seen), role


@pytest.mark.parametrize("role", CLINICAL)
def test_the_trail_cites_the_consent(world, role):
    a_tpo(world.keys["parent"])
    parent_page(viewer=partner(role), parent_id=world.keys["parent"])
    entry = AuditEntry.objects.latest("sequence")
    assert "BASIS_TPO" in entry.detail["reasons"]
    assert str(world.keys["parent"]) in entry.subjects


@pytest.mark.parametrize("role", CLINICAL)
def test_to_those_who_treat_it_opens_nothing_where_nobody_treats(world, role):
    a_tpo(world.keys["parent"])
    stranger = partner(role, user_id=uuid4())
    assert of_parent(told_to(world, stranger)) == set()


@pytest.mark.parametrize("role", CLINICAL)
def test_once_revoked_the_consent_opens_nothing_again(world, role):
    parent = world.keys["parent"]
    before = told_to(world, partner(role))
    directive = a_tpo(parent)
    assert told_to(world, partner(role)) != before
    gone = f"{NINE - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    a_tpo(parent, version=2, directive=directive, revoked_at=gone)
    assert told_to(world, partner(role)) == before


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({"recipients": [{"org": "9"}]}, id="to another organisation"),
        pytest.param({"disclosers": [{"org": "9"}]}, id="from another programme"),
        pytest.param({"purposes": ["HPAYMT"]}, id="for payment alone"),
        pytest.param({"ends_at": "2027-03-01T14:00:00Z"}, id="over at this instant"),
        pytest.param({"signed_on": None}, id="never signed"),
        pytest.param({"elements": {}}, id="without its statements"),
    ],
)
def test_a_consent_that_does_not_cover_opens_nothing(world, terms):
    a_tpo(world.keys["parent"], **terms)
    assert of_parent(told_to(world, partner(Role.PAEDIATRICS))) == set()


@pytest.mark.parametrize("role", CLINICAL)
def test_a_denial_beats_the_consent(world, role):
    parent = world.keys["parent"]
    before = told_to(world, partner(role))
    a_denial(parent)
    a_tpo(parent)
    assert of_parent(told_to(world, partner(role))) == set()
    assert told_to(world, partner(role)) <= before


def test_a_denial_of_one_class_leaves_the_others_open(world):
    parent = world.keys["parent"]
    a_tpo(parent)
    a_denial(parent, [DataClass.PROGRAMME_RECORD])
    seen = of_parent(told_to(world, partner(Role.NURSE)))
    assert "Qadfirst" in seen
    assert not seen & {"qplang", "qpayer", "Qmakeupnote"}


def test_a_denial_that_was_withdrawn_leaves_the_consent_as_it_is(world):
    a_denial(world.keys["parent"], withdrawn_at="2027-02-01T05:00:00Z")
    a_tpo(world.keys["parent"])
    assert of_parent(told_to(world, partner(Role.NURSE))) == BY_TPO


def the_place(world):
    places = make.stored(Place)
    return next(one for one in places if one.session_id == world.keys["session"])


WRITES = {
    "names": lambda by, w: people.change_parent(
        by=by, parent_id=w.keys["parent"], version=1, identity=Identity("Other")
    ),
    "contact": lambda by, w: people.change_contact(
        by=by, parent_id=w.keys["parent"], version=1, contact=Contact("617 555 0199")
    ),
    "pregnancy": lambda by, w: people.record_pregnancy(
        by=by, key=uuid4(), parent_id=w.keys["parent"], due_on=date(2027, 9, 1)
    ),
    "end of the link": lambda by, w: people.end_dyad(
        by=by, dyad_id=w.keys["dyad"], ends=TODAY
    ),
    "authority": lambda by, w: people.change_authority(
        by=by, dyad_id=w.keys["dyad"], kind=CaregiverKind.KIN, authority=Authority()
    ),
    "care team": lambda by, w: care.link_staff(
        by=by, parent_id=w.keys["parent"], staff_id=by.user_id, role=by.role
    ),
    "absence": lambda by, w: groups.mark_absent(
        by=by, place_id=the_place(w).pk, version=1, reason="illness"
    ),
    "agreement": lambda by, w: groups.note_agreement(
        by=by, place_id=the_place(w).pk, version=1, has_agreement=True
    ),
}


@pytest.mark.parametrize("role", CLINICAL)
@pytest.mark.parametrize("act", WRITES)
def test_a_consent_to_tell_never_lets_the_partner_write(world, act, role):
    a_tpo(world.keys["parent"])
    with pytest.raises(NotFound):
        WRITES[act](partner(role), world)


def of_the_child(world):
    """A TPO about the child, by who may consent for it, to the partner by name."""
    return a_tpo(
        world.keys["child"],
        grantor={"capacity": "guardian", "id": str(world.keys["parent"])},
        recipients=[{"org": str(PARTNER)}],
        data_classes=[one.value for one in OWN_CHART],
    )


@pytest.mark.parametrize("role", CLINICAL)
def test_a_tpo_about_the_child_opens_the_chart_and_no_parent(world, role):
    stranger = partner(role, user_id=uuid4())
    of_the_child(world)
    seen = told_to(world, stranger)
    assert {"Qchfirst", "5237", "Qassessment"} <= {mark.text for mark in seen}
    assert classes_of(seen) <= OWN_CHART | {DataClass.GROUP_RECORD}


@pytest.mark.parametrize("role", CLINICAL)
def test_a_tpo_about_the_child_lets_nobody_write_in_the_programme_s_notes(world, role):
    of_the_child(world)
    stranger, draft = partner(role, user_id=uuid4()), world.keys["draft"]
    with pytest.raises(NotFound):
        clinical.write_note(
            by=stranger, encounter_id=draft, version=1, note=Note(plan="Other")
        )
    with pytest.raises(NotFound):
        clinical.mark_entered_in_error(by=stranger, encounter_id=draft, reason="Other")


@pytest.mark.parametrize("role", CLINICAL)
def test_a_note_of_the_partner_s_own_is_begun_once_the_child_is_known(world, role):
    """A row being created is the actor's own organisation's (privacy.md 3.4)."""
    begin = {
        "by": partner(role, user_id=uuid4()),
        "encounter_id": uuid4(),
        "child_id": world.keys["child"],
        "on": TODAY - timedelta(days=1),
        "visit": "",
    }
    with pytest.raises(NotFound):
        clinical.begin_encounter(**begin)
    of_the_child(world)
    clinical.begin_encounter(**begin)
    own = next(e for e in make.stored(Encounter) if e.pk == begin["encounter_id"])
    assert own.author_org_id == PARTNER


def test_whoever_is_told_of_the_group_day_may_mark_an_arrival_there(world):
    """A narrow write needs any alternative of its cell (privacy.md 3.4), a TPO too."""
    nurse, place = partner(Role.NURSE), the_place(world)
    with pytest.raises(NotFound):
        groups.mark_left_early(by=nurse, place_id=place.pk, version=place.version)
    a_tpo(world.keys["parent"])
    groups.mark_left_early(by=nurse, place_id=place.pk, version=place.version)
    assert the_place(world).state == "left_early"
