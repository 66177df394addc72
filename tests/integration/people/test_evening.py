"""In the evening UTC is a day ahead: dates are those of the site."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.factories import TODAY, DyadFactory, a_viewer, stored

from trellis.core.access.vocabulary import Role
from trellis.core.errors import InvalidInput
from trellis.records.care import queries as care
from trellis.records.people import operations as people
from trellis.records.people.entries import ChildIdentity, NewChild
from trellis.records.people.models import Dyad


pytestmark = pytest.mark.django_db

EIGHT_IN_THE_EVENING = datetime(2027, 3, 2, 1, 0, tzinfo=UTC)  # 1 March, 20:00
TOMORROW = TODAY + timedelta(days=1)


def test_today_is_the_date_at_the_site():
    viewer = a_viewer(at=EIGHT_IN_THE_EVENING)
    assert viewer.today == TODAY
    assert replace(viewer, zone="Asia/Tokyo").today == TOMORROW


def test_a_child_is_not_born_tomorrow_although_utc_says_so():
    dyad = DyadFactory()
    newborn = NewChild(uuid4(), ChildIdentity("Ina", "Example", TOMORROW))
    with pytest.raises(InvalidInput):
        people.add_child(
            by=a_viewer(at=EIGHT_IN_THE_EVENING),
            parent_id=dyad.parent_id,
            child=newborn,
        )
    assert len(stored(Dyad)) == 1


def test_a_dyad_that_ends_tomorrow_is_one_this_evening():
    dyad = DyadFactory(ends=TOMORROW)
    coordinator = a_viewer(Role.COORDINATOR, at=EIGHT_IN_THE_EVENING)
    (family,) = care.families(viewer=coordinator).lines
    assert [child.child_id for child in family.children] == [dyad.child_id]
