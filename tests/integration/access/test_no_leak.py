"""Every query, every role, every standing: no field that the matrix does not open.

Each stored value carries a mark of its own (``MARKS``) with its data class and the
views of privacy.md 3.4 that show it. What is open to a role is read here from the words
of the matrix and a plain list of which of them are true, not from the decision engine.
"""

from __future__ import annotations

import base64
import importlib
import json
import pkgutil
import zlib
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from uuid import UUID, uuid4

import pytest

from tests import factories as make
from tests.factories import (
    NINE,
    OTHER_SITE,
    PARTNER,
    SITE,
    TODAY,
    a_viewer,
    in_context_of,
    user_id_of,
)
from trellis import records
from trellis.core.access.cells import ROWS
from trellis.core.access.vocabulary import DataClass, Role, View
from trellis.core.errors import NotFound
from trellis.core.people.stages import Stage
from trellis.records.access.queries import TrailFilter
from trellis.records.access.vault import Cell, seal
from trellis.records.clinical.models import (
    Addendum,
    Condition,
    Immunization,
    Measurement,
)
from trellis.records.groups.models import MakeUp, SessionVaccine
from trellis.records.immunization.models import RegistryForecast
from trellis.records.imports.models import ImportRun, ReviewItem
from trellis.records.imports.runs import content_cell, review_cell
from trellis.records.people.entries import ChildIdentity, Identity
from trellis.records.people.models import Parent, Pregnancy


pytestmark = pytest.mark.django_db

BORN = date(2026, 12, 27)
V, D = View, DataClass


@dataclass(frozen=True)
class Mark:
    """A text to look for in an answer; ``views``: the parts that hold the field."""

    text: str
    data_class: DataClass
    views: frozenset[View] = frozenset()


def _marks(data_class, *shown):
    return tuple(Mark(text, data_class, frozenset(views)) for text, *views in shown)


MARKS = (
    *_marks(
        D.ADULT_IDENTITY,
        ("Qadfirst", V.FIRST_NAME, V.EMERGENCY),
        ("Qadlast", V.EMERGENCY),
        ("555-0142", V.EMERGENCY),
        ("qadult@example.org", V.EMERGENCY),
        ("QADEXT",),
        ("1991-03-17", V.EMERGENCY),
        ("Qguardian",),  # another caregiver, who is in no session
    ),
    *_marks(D.SAFE_ADDRESS, ("Qreach", V.REACH_VIA), ("Qaddress", V.VISIT_ADDRESS)),
    *_marks(
        D.PROGRAMME_RECORD,
        ("qplang", V.VISIT_ADMIN, V.COACH_CARD, V.LANGUAGE_NEEDS),
        ("qpayer", V.VISIT_ADMIN),
        ("qethnicity",),
        ("qrace",),
        (Stage.BIRTH_HOSPITALISATION.value, V.COACH_CARD),
        ("2026-05-03",),  # referred
        ("2026-05-09",),  # enrolled
        ("2027-04-21",),  # due date of a pregnancy
        ("Qmakeupnote", V.VISIT_ADMIN, V.COACH_CARD),
        ("2027-03-29", V.VISIT_ADMIN, V.COACH_CARD),  # make-up by
        ("Qcareteam",),
    ),
    *_marks(
        D.CHILD_IDENTITY,
        ("Qchfirst", V.FIRST_NAME, V.CLEAN_CHART, V.EMERGENCY),
        ("Qchlast", V.CLEAN_CHART, V.EMERGENCY),
        (BORN.isoformat(), V.CLEAN_CHART, V.EMERGENCY),
        ("QCHEXT",),
        ("Qupload",),  # in a file that waits to be brought in
    ),
    *_marks(
        D.DYAD_LINK,
        ("2026-12-29",),  # since when the two are a dyad
    ),
    *_marks(D.CPS_CUSTODY_LEGAL, ("birth-parent",), ("foster-parent",)),
    *_marks(
        D.COHORT_ATTENDANCE,
        ("14:07:31", V.SESSION_ROSTER),  # arrived
        ("absence_reason=transport",),  # why absent
        ("4711",),  # how many came to an earlier session
    ),
    *_marks(
        D.CHILD_WELLCHILD,
        ("Qassessment", V.CLEAN_CHART),
        ("Qplan", V.CLEAN_CHART),
        ("Qaddendum", V.CLEAN_CHART),
        ("5237", V.CLEAN_CHART),
        ("Qdoselot", V.CLEAN_CHART),
        ("Qvaccinator", V.CLEAN_CHART),
        ("Qforecast", V.CLEAN_CHART),
        ("Qproblem", V.CLEAN_CHART),
        ("weeks=35", V.CLEAN_CHART),
        ("is_measured=True", V.CLEAN_CHART),
        ("DueVisit(", V.DUE_LIST),
        ("is_due=True", V.DUE_LIST, V.DUE_FLAG),
        ("please_call=True", V.CALL_FLAG),
        ("rotavirus-first-dose", V.DUE_LIST, V.CLEAN_CHART),
    ),
    *_marks(D.CHILD_EXPOSURE, ("Qexposure", V.EMERGENCY), ("P96.1", V.EMERGENCY)),
    *_marks(
        D.GROUP_RECORD,
        ("Qcircle",),
        ("Qtopic", V.OWN_GROUP_AGENDA),
        ("Qgrouplot",),
    ),
)


# What is true of whom: words of the column unlocked_by (privacy.md 3.3).
@dataclass(frozen=True)
class Standing:
    """Where somebody stands to the family; ``truths`` by the law of the row."""

    name: str
    of_part2: frozenset[str]
    of_hipaa: frozenset[str]
    of_site: frozenset[str]

    def part(self, data_class, role):
        """The open part: () closed, (None,) whole, or the views, first true one."""
        ((unlocked_by),) = (
            row[3] for row in ROWS if row[:2] == (data_class.value, role.value)
        )
        truths = self._truths(data_class) - _not_of(role)
        opened = []
        for alternative in unlocked_by.split("|"):
            words, _, view = alternative.partition(":")
            if set(words.split("+")) <= truths:
                opened.append(View(view) if view else None)
        return None in opened, frozenset(opened) - {None}

    def _truths(self, data_class):
        if data_class is DataClass.GROUP_RECORD:
            return self.of_site
        of_child = {DataClass.CHILD_IDENTITY, DataClass.CHILD_WELLCHILD}
        return self.of_hipaa if data_class in of_child else self.of_part2


def _not_of(role):
    """Bases that a role never has: the site's own families, a session of one's own."""
    never = set()
    if role not in {Role.DIRECTOR, Role.COORDINATOR}:
        never.add("SITE_OPS")
    if role is not Role.FACILITATOR:
        never.add("OWN_SESSION")
    if role in {Role.DIRECTOR, Role.COORDINATOR, Role.FACILITATOR}:
        never |= {"CARE_TEAM", "INTEGRATED"}
    if role is not Role.PARENT:
        never |= {"SELF", "GUARDIAN"}
    return frozenset(never)


def _standing(name, part2, hipaa, site):
    return Standing(name, *(frozenset(one.split()) for one in (part2, hipaa, site)))


ON_THE_TEAM = _standing(
    "on the team",
    "CARE_TEAM SITE_OPS INTEGRATED AUTHOR_ORG OWN_SESSION SELF",
    "CARE_TEAM SITE_OPS INTEGRATED AUTHOR_ORG OWN_SESSION SELF",
    "OWN_SITE OWN_PROGRAMME SELF",
)
AT_THE_SITE = _standing(
    "at the site",
    "SITE_OPS AUTHOR_ORG",
    "SITE_OPS AUTHOR_ORG",
    "OWN_SITE OWN_PROGRAMME",
)
ELSEWHERE = _standing("at another site", "", "", "")
PARTNERS = _standing(
    "of a partner, without consent",
    "OWN_SESSION",
    "CARE_TEAM OWN_SESSION",
    "OWN_SITE",
)
OTHER_GUARDIAN = _standing("another legal guardian", "", "GUARDIAN", "")


def viewer_of(world, standing, role):
    """Somebody in this role who stands so."""
    viewer = a_viewer(role)
    if standing is ON_THE_TEAM:
        own = world.keys["parent"] if role is Role.PARENT else None
        return replace(viewer, subject_id=own)
    stranger = world.keys["stranger"] if role is Role.PARENT else None
    if standing is AT_THE_SITE:
        return replace(viewer, user_id=uuid4(), subject_id=stranger)
    if standing is ELSEWHERE:
        return replace(viewer, site_ids=frozenset({OTHER_SITE}), subject_id=stranger)
    if standing is OTHER_GUARDIAN:
        return replace(viewer, user_id=uuid4(), subject_id=world.keys["guardian"])
    partner = a_viewer(role, org=PARTNER, is_integrated=False)
    return replace(partner, subject_id=stranger)


# How each query is called; a query that is not named here fails the test.
CALLS = {
    "access.trail": lambda w: {"among": TrailFilter()},
    "access.who_saw_me": lambda w: {},
    "care.care_team": lambda w: {"parent_id": w.keys["parent"]},
    "care.child_of_dyad": lambda w: {"dyad_id": w.keys["dyad"]},
    "care.dyad_page": lambda w: {"dyad_id": w.keys["dyad"]},
    "care.families": lambda w: {},
    "care.parent_page": lambda w: {"parent_id": w.keys["parent"]},
    "clinical.child_chart": lambda w: {"child_id": w.keys["child"]},
    "clinical.encounter_stages": lambda w: {"encounter_ids": [w.keys["draft"]]},
    "clinical.growth_points": lambda w: {"child_id": w.keys["child"]},
    "clinical.signing_list": lambda w: {"on": TODAY},
    "clinical.visit_page": lambda w: {"encounter_id": w.keys["signed"]},
    "clinical.visit_revision": lambda w: {"encounter_id": w.keys["draft"]},
    "clinical.visit_summary": lambda w: {"encounter_id": w.keys["signed"]},
    "groups.cohorts.cohort_calendar": lambda w: {"cohort_id": w.keys["cohort"]},
    "groups.cohorts.cohort_list": lambda w: {},
    "groups.cohorts.cohort_page": lambda w: {"cohort_id": w.keys["cohort"]},
    "groups.cohorts.expectable_families": lambda w: {"session_id": w.keys["session"]},
    "groups.cohorts.placeable_families": lambda w: {
        "born_from": BORN,
        "born_until": BORN + timedelta(days=1),
    },
    "groups.cohorts.site_calendar": lambda w: {"site_id": SITE},
    "groups.cohorts.staff_of_site": lambda w: {"site_id": SITE},
    "groups.family_page.family_in_groups": lambda w: {"dyad_id": w.keys["dyad"]},
    "groups.family_page.family_page": lambda w: {"dyad_id": w.keys["dyad"]},
    "groups.laid_out": lambda w: {"encounter_id": w.keys["draft"]},
    "groups.make_up_list": lambda w: {},
    "groups.session_board": lambda w: {"session_id": w.keys["session"]},
    "groups.session_counts": lambda w: {"session_id": w.keys["session"]},
    "groups.session_list": lambda w: {
        "when": "past",
        "day_starts": NINE - timedelta(hours=9),
    },
    "groups.session_preparation": lambda w: {"session_id": w.keys["session"]},
    "groups.session_revision": lambda w: {"session_id": w.keys["session"]},
    "groups.today.day_sheet": lambda w: {"on": TODAY, "with_owed": True},
    "groups.today.own_dates": lambda w: {},
    "immunization.registry_forecasts": lambda w: {"child_id": w.keys["child"]},
    "imports.headings": lambda w: {"run_id": w.keys["upload"]},
    "imports.run": lambda w: {"run_id": w.keys["run"]},
    "imports.runs": lambda w: {},
    "imports.saved_mappings": lambda w: {},
    "imports.site_codes": lambda w: {},
    "imports.waiting_reviews": lambda w: {},
    "people.child_record": lambda w: {"child_id": w.keys["child"]},
    "people.likely_duplicates": lambda w: {
        "parent": Identity("Qadfirst", "Qadlast", born=date(1991, 3, 17)),
        "children": [ChildIdentity("Qchfirst", "Qchlast", BORN)],
    },
    "people.parent_record": lambda w: {"parent_id": w.keys["parent"]},
    "sites.site_names": lambda w: {},
}
AGAIN = {  # the same queries, asked otherwise
    "care.families": lambda w: {"text": "Qadlast"},
    "groups.session_board": lambda w: {"session_id": w.keys["closed_session"]},
    "groups.session_counts": lambda w: {"session_id": w.keys["closed_session"]},
    "groups.session_list": lambda w: {
        "when": "today",
        "day_starts": NINE - timedelta(hours=9),
    },
    "clinical.visit_page": lambda w: {"encounter_id": w.keys["draft"]},
    "care.dyad_page": lambda w: {"dyad_id": w.keys["guardian_dyad"]},
    "groups.family_page.family_page": lambda w: {"dyad_id": w.keys["guardian_dyad"]},
}
# Neither a viewer nor a record: who is signed in, and the chain of the trail.
WITHOUT_RECORDS = frozenset({"accounts", "audit"})


def queries():
    """Every marked query of the records, by area and name."""
    found = {}
    for module in pkgutil.walk_packages(records.__path__, "trellis.records."):
        if not module.name.endswith(".queries"):
            continue
        area = module.name.removeprefix("trellis.records.").removesuffix(".queries")
        if area in WITHOUT_RECORDS:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            is_here = getattr(value, "__module__", "") == module.name
            if is_here and hasattr(value, "__wrapped__"):
                found[f"{area}.{name}"] = value
    return found


@dataclass
class Marked:
    """The keys of a family every value of which is marked."""

    keys: dict[str, UUID] = field(default_factory=dict)


@pytest.fixture
def world():
    made = Marked()
    make.SiteFactory(), make.SiteFactory(id=OTHER_SITE)
    make.OrganisationFactory(id=PARTNER)
    dyad = _people(made)
    _group(made, dyad)
    _chart(made, dyad.child)
    _imports(made, dyad)
    return made


def _people(made):
    parent_id = uuid4()
    table = Parent._meta.db_table
    parent = make.ParentFactory(
        id=parent_id,
        first_name="Qadfirst",
        last_name="Qadlast",
        phone="+16175550142",
        email="qadult@example.org",
        external_id="QADEXT",
        born=date(1991, 3, 17),
        reach_via_sealed=seal("Qreach", Cell(table, parent_id, "reach_via_sealed")),
        address_sealed=seal("Qaddress", Cell(table, parent_id, "address_sealed")),
        language="qplang",
        payer="qpayer",
        ethnicity="qethnicity",
        races=["qrace"],
        enrolled=False,
    )
    make.EpisodeFactory(
        parent=parent,
        referred_on=date(2026, 5, 3),
        enrolled_on=date(2026, 5, 9),
        stage=Stage.BIRTH_HOSPITALISATION.value,
    )
    child = make.ChildFactory(
        first_name="Qchfirst",
        last_name="Qchlast",
        born=BORN,
        external_id="QCHEXT",
        gestation_days=35 * 7 + 5,
    )
    dyad = make.DyadFactory(parent=parent, child=child, starts=date(2026, 12, 29))
    guardian = make.ParentFactory(first_name="Qguardian", enrolled=False)
    other = make.DyadFactory(parent=guardian, child=child, kind="foster-parent")
    with in_context_of(SITE):
        Pregnancy.ungated.create(
            **_row("part2"), parent=parent, due_on=date(2027, 4, 21)
        )
    for role in set(Role) - {Role.PARENT, Role.FACILITATOR, Role.EVALUATOR_FUNDER}:
        make.UserFactory(id=user_id_of(role), name=f"Qcareteam {role}")
        make.CareLinkFactory(parent=parent, role=role.value)
    made.keys |= {
        "parent": parent.pk,
        "child": child.pk,
        "dyad": dyad.pk,
        "guardian": guardian.pk,
        "guardian_dyad": other.pk,
        "stranger": make.ParentFactory().pk,
    }
    return dyad


def _group(made, dyad):
    cohort = make.CohortFactory()
    session = make.GroupSessionFactory(
        cohort=cohort,
        status="open",
        circle_record="Qcircle",
        topic="Qtopic",
        team=[Role.FACILITATOR],
    )
    earlier = NINE - timedelta(days=28)
    closed = make.GroupSessionFactory(
        cohort=cohort,
        starts=earlier,
        ends=earlier + timedelta(hours=2),
        status="closed",
        closed_at=earlier,
        counts={"invited": 4711, "came": 4711},
    )
    draft = make.EncounterFactory(child=dyad.child)
    make.PlaceFactory(
        session=session,
        dyad=dyad,
        state="late",
        arrived_at=datetime(2027, 3, 1, 14, 7, 31, tzinfo=UTC),
        encounter=draft,
    )
    missed = make.PlaceFactory(
        session=closed, dyad=dyad, state="absent", absence_reason="transport"
    )
    with in_context_of(SITE):
        MakeUp.ungated.create(
            **_row("part2"),
            place=missed,
            due_by=date(2027, 3, 29),
            why_by="rotavirus-first-dose",
            note="Qmakeupnote",
        )
        SessionVaccine.ungated.create(
            site_id=SITE,
            session=session,
            cvx="110",
            product="Pediarix",
            lot="Qgrouplot",
            expires_on=TODAY + timedelta(days=300),
        )
    made.keys |= {
        "cohort": cohort.pk,
        "session": session.pk,
        "closed_session": closed.pk,
        "draft": draft.pk,
    }


def _chart(made, child):
    signed = make.EncounterFactory(
        child=child,
        on=TODAY - timedelta(days=10),
        visit="",
        is_well_child=False,
        status="signed",
        signed_at=NINE,
        assessment="Qassessment",
        plan="Qplan",
    )
    own = {"child": child, **_row("hipaa")}
    with in_context_of(SITE):
        Addendum.ungated.create(
            **_row("hipaa"), encounter=signed, text="Qaddendum", author_name="A"
        )
        for key in (made.keys["draft"], signed.pk):
            Measurement.ungated.create(
                **own, encounter_id=key, on=signed.on, kind="weight", value=5237
            )
        Immunization.ungated.create(
            **own,
            encounter=signed,
            on=signed.on,
            cvx="110",
            lot="Qdoselot",
            vaccinator_name="Qvaccinator",
        )
        RegistryForecast.ungated.create(
            **own, cvx="110", group="Qforecast", source="iis:x", position=1
        )
        for code, text in (("L22", "Qproblem"), ("P96.1", "Qexposure withdrawal")):
            Condition.ungated.create(
                **own,
                system="http://hl7.org/fhir/sid/icd-10-cm",
                code=code,
                text=text,
                source="fhir:x",
                external_key=code,
            )
    made.keys["signed"] = signed.pk


def _imports(made, dyad):
    upload, review = uuid4(), uuid4()
    body = base64.b64encode(zlib.compress(b"child name\nQupload\n")).decode()
    person = {
        "first_name": "Qadfirst",
        "last_name": "Qadlast",
        "born": "1991-03-17",
        "external_id": "QADEXT",
    }
    common = {
        "site_id": SITE,
        "kind": "roster",
        "file_name": "families.csv",
        "sha256": "0" * 64,
        "by_id": UUID(int=1),
        "at": NINE - timedelta(hours=1),
        "counts": {},
    }
    with in_context_of(SITE):
        run = ImportRun.ungated.create(**common)
        ImportRun.ungated.create(
            **common,
            id=upload,
            status=ImportRun.CHECKED,
            content_sealed=seal(json.dumps([["a.csv", body]]), content_cell(upload)),
        )
        ReviewItem.ungated.create(
            **_row("part2"),
            id=review,
            run=run,
            subject_id=dyad.parent_id,
            subject_kind="parent",
            place="line 3",
            line_sealed=seal(json.dumps({"parent": person}), review_cell(review)),
            line_key="3",
            score=80,
        )
    made.keys |= {"run": run.pk, "upload": upload, "review": review}


def _row(origin):
    return {
        "site_id": SITE,
        "origin": origin,
        "origin_org_id": make.PROGRAMME,
        "author_id": UUID(int=1),
        "author_org_id": make.PROGRAMME,
        "recorded_at": NINE - timedelta(days=1),
    }


def told(answer):
    """Everything an answer says, as text: names of fields, values, properties apart."""
    if isinstance(answer, Enum):
        return str(answer.value)
    if is_dataclass(answer):
        inner = (f"{f.name}={told(getattr(answer, f.name))}" for f in fields(answer))
        return f"{type(answer).__name__}({', '.join(inner)})"
    if isinstance(answer, tuple) and hasattr(answer, "_asdict"):
        return told(answer._asdict())
    if hasattr(answer, "items"):
        return ", ".join(f"{told(k)}={told(v)}" for k, v in answer.items())
    if isinstance(answer, (tuple, list, set, frozenset)):
        return ", ".join(told(one) for one in answer)
    return str(answer)


def answer_of(query, viewer, arguments):
    """What the query tells the viewer; nothing where it is refused."""
    try:
        return told(query(viewer=viewer, **arguments))
    except NotFound:
        return ""


def leaks(world, standing, role):
    """Marks told that the matrix does not open; and all that were told."""
    viewer = viewer_of(world, standing, role)
    found, seen = [], set()
    asked = [(name, CALLS[name]) for name in CALLS] + list(AGAIN.items())
    every = queries()
    for name, arguments in asked:
        text = answer_of(every[name], viewer, arguments(world))
        for mark in MARKS:
            if mark.text in text:
                seen.add(mark.text)
                whole, views = standing.part(mark.data_class, role)
                if not whole and not views & mark.views:
                    found.append(f"{name} tells {role} {standing.name} {mark.text}")
    return found, seen


def test_every_query_of_the_records_is_walked():
    assert set(queries()) == set(CALLS)


def test_on_the_team_each_role_reads_the_fields_of_the_matrix_alone(world):
    found, seen = [], set()
    for role in Role:
        leaked, told_to_role = leaks(world, ON_THE_TEAM, role)
        found += leaked
        seen |= told_to_role
    assert not found, "\n".join(found)
    told_to_nobody = {"P96.1", "4711"}  # a mark that nobody saw proves nothing else
    assert seen == {mark.text for mark in MARKS} - told_to_nobody


@pytest.mark.parametrize(
    "standing",
    [pytest.param(one, id=one.name) for one in (AT_THE_SITE, PARTNERS, ELSEWHERE)],
)
def test_who_is_not_on_the_team_reads_the_fields_of_the_matrix_alone(world, standing):
    found = [leak for role in Role for leak in leaks(world, standing, role)[0]]
    assert not found, "\n".join(found)


def test_another_legal_guardian_gets_the_clean_chart_alone(world):
    found, seen = leaks(world, OTHER_GUARDIAN, Role.PARENT)
    own = ("foster-parent", "Qguardian")  # what she is to the child herself
    found = [leak for leak in found if not leak.endswith(own)]
    assert {"Qassessment", "5237", "Qproblem", BORN.isoformat()} <= seen
    assert not found, "\n".join(found)
