"""What tells of an exposure stays with those who may know of it (privacy.md 1.8)."""

from datetime import date

import pytest

from tests.factories import (
    PARTNER,
    CareLinkFactory,
    DyadFactory,
    ParentFactory,
    a_viewer,
    in_context_of,
)
from trellis.core.access.vocabulary import Origin, Role
from trellis.records.access.models import provenance
from trellis.records.clinical import queries
from trellis.records.clinical.models import Condition


pytestmark = pytest.mark.django_db
PROBLEMS = (("L22", "Diaper dermatitis"), ("P96.1", "Neonatal abstinence syndrome"))


@pytest.fixture
def dyad():
    dyad = DyadFactory()
    made = provenance(a_viewer(), site_id=dyad.site_id, origin=Origin.HIPAA)
    with in_context_of(dyad.site_id):
        for code, text in PROBLEMS:
            Condition.ungated.create(
                **made,
                child=dyad.child,
                system="http://hl7.org/fhir/sid/icd-10-cm",
                code=code,
                text=text,
                onset_on=date(2027, 1, 2),
                source="fhir:x",
                external_key=code,
            )
    return dyad


def problems_told(viewer, dyad):
    chart = queries.child_chart(viewer=viewer, child_id=dyad.child_id)
    return {problem.text for problem in chart.conditions}


def test_the_paediatrician_of_the_integrated_unit_reads_it(dyad):
    CareLinkFactory(parent=dyad.parent, role=Role.PAEDIATRICS.value)
    told = problems_told(a_viewer(Role.PAEDIATRICS), dyad)
    assert told == {text for _, text in PROBLEMS}


def test_a_partner_s_paediatrician_reads_the_chart_without_it(dyad):
    CareLinkFactory(parent=dyad.parent, role=Role.PAEDIATRICS.value)
    partner = a_viewer(Role.PAEDIATRICS, org=PARTNER, is_integrated=False)
    assert problems_told(partner, dyad) == {"Diaper dermatitis"}


def test_another_legal_guardian_reads_the_chart_without_it(dyad):
    father = ParentFactory(enrolled=False)
    DyadFactory(parent=father, child=dyad.child)
    viewer = a_viewer(Role.PARENT, subject_id=father.pk)
    assert problems_told(viewer, dyad) == {"Diaper dermatitis"}
