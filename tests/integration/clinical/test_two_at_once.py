"""Two people at the same moment: one value stands, the other person is told."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from tests.factories import stored
from tests.integration.clinical.charts import KINDS, a_visit
from trellis.core.errors import Conflict, RuleRefused
from trellis.records.clinical.models import Immunization, Measurement


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
ROUNDS = 4


def at_once(*acts):
    """Run the acts together; what each of them raised, if anything."""
    raised = []
    gate = threading.Barrier(len(acts))

    def run(act):
        gate.wait()
        try:
            act()
        except RuleRefused as refusal:
            raised.append(type(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def entering(visit, weight_g, keys=None):
    fresh = keys or {kind: uuid4() for kind in KINDS}
    return lambda: visit.measure(weight_g=weight_g, seen={}, keys=fresh)


def test_of_two_different_weights_one_stands_and_one_person_is_told():
    for _ in range(ROUNDS):
        visit = a_visit()
        raised = at_once(entering(visit, 5300), entering(visit, 5200))
        assert raised == [Conflict]
        here = [m for m in stored(Measurement) if m.encounter_id == visit.encounter_id]
        assert len(here) == 1


def test_one_form_sent_many_times_at_once_has_one_effect():
    visit = a_visit()
    keys = {kind: uuid4() for kind in KINDS}
    assert at_once(*[entering(visit, 5300, keys)] * 5) == []
    assert len(stored(Measurement)) == 1


def test_one_dose_sent_many_times_at_once_is_one_dose():
    visit, key = a_visit(), uuid4()
    assert at_once(*[lambda: visit.give(key=key)] * 5) == []
    assert len(stored(Immunization)) == 1
