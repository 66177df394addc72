"""What the demo network holds, and that it is the same every time."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from tools import language_lint

from trellis.core.access.vocabulary import Duty, Role
from trellis.core.errors import InvalidInput
from trellis.synthetic.network import make_network, make_plan
from trellis.synthetic.site import make_site
from trellis.synthetic.truth import truth


REPOSITORY = Path(__file__).resolve().parents[3]
SMALL = """
import hashlib
from datetime import date
from trellis.synthetic.network import make_network
made = make_network(seed=7, as_of=date(2026, 3, 10), sites=2, families=40)
print(hashlib.sha256(repr(made).encode()).hexdigest())
"""


def texts(value):
    """Every text inside a tree of frozen values."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from texts(getattr(value, one.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)


def fingerprint_elsewhere(hash_seed):
    """The network's fingerprint as another process with its own hash order sees it."""
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "PYTHONPATH": str(REPOSITORY / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-c", SMALL],
        capture_output=True,
        check=True,
        text=True,
        env=environment,
    )
    return done.stdout.strip()


def test_eleven_sites_share_1048_parents(network, sites):
    assert len(sites) == 11
    assert sum(len(data.parents) for data in sites) == 1048
    assert [len(data.parents) for data in sites] == list(network.plan.families_at)


def test_same_seed_and_day_give_the_same_network():
    made = make_network(seed=7, as_of=date(2026, 3, 10), sites=2, families=40)
    again = make_network(seed=7, as_of=date(2026, 3, 10), sites=2, families=40)
    assert made == again
    here = hashlib.sha256(repr(made).encode()).hexdigest()
    assert fingerprint_elsewhere("1") == fingerprint_elsewhere("2") == here


def test_another_seed_or_day_gives_another_network():
    made = make_network(seed=7, as_of=date(2026, 3, 10), sites=1, families=20)
    other = make_network(seed=8, as_of=date(2026, 3, 10), sites=1, families=20)
    later = make_network(seed=7, as_of=date(2026, 3, 11), sites=1, families=20)
    assert made != other
    assert made.sites[0].parents != later.sites[0].parents


@pytest.mark.parametrize("index", [0, 10])
def test_one_site_alone_equals_that_site_of_the_whole(network, index):
    assert make_site(network.plan, index) == network.sites[index]


@pytest.mark.parametrize(("count", "families"), [(0, 100), (99, 5000), (11, 20)])
def test_a_network_that_cannot_be_made_is_refused_with_what_is_accepted(
    count, families
):
    with pytest.raises(InvalidInput, match="is not accepted"):
        make_plan(seed=1, as_of=date(2026, 3, 10), sites=count, families=families)


@pytest.mark.parametrize(
    "on", [date(2028, 2, 29), date(2026, 12, 25), date(2026, 8, 2)]
)
def test_leap_days_holidays_and_sundays_have_their_group_too(on):
    made = make_network(seed=3, as_of=on, sites=2, families=60)
    for data in made.sites:
        assert on in {one.starts_at.date() for one in data.sessions}
        assert on not in {day.on for day in data.site.closed_days}


def test_a_large_site_has_rooms_and_group_names_enough():
    data = make_network(seed=8, as_of=date(2026, 3, 31), sites=1, families=600).sites[0]
    names = [one.name for one in data.cohorts]
    assert len(names) == len(set(names)) > 40
    taken = [(one.starts_at, one.room_key) for one in data.sessions]
    assert len(taken) == len(set(taken))


def test_keys_are_unique_over_the_network(network):
    keys = [
        record.key
        for data in network.sites
        for name in data.__dataclass_fields__
        if name not in ("site", "out_of_window", "tallies")
        for record in getattr(data, name)
    ]
    keys += [one.key for one in network.staff]
    assert len(keys) == len(set(keys))


def test_every_site_has_one_persona_a_role_and_the_first_a_parent(sites):
    for data in sites:
        roles = [one.role for one in data.staff if one.role is not Role.PARENT]
        assert len(roles) == len(set(roles)) == 8
        assert f"coordinator.site{data.site.id}@demo.example" in {
            one.email for one in data.staff
        }
    persona = next(one for one in sites[0].staff if one.role is Role.PARENT)
    assert persona.parent_key in {one.key for one in sites[0].parents}


def test_the_network_has_a_director_with_both_duties_and_an_evaluator(network):
    roles = [one.role for one in network.staff]
    assert Role.EVALUATOR_FUNDER in roles
    assert any(
        {Duty.PRIVACY_OFFICER, Duty.ADMINISTRATOR} <= set(one.duties)
        for one in network.staff
    )


def test_ten_sites_are_integrated_and_the_partner_practice_is_not(network, sites):
    partner = next(one for one in network.organisations if one.kind == "partner")
    apart = [data for data in sites if data.site.integrated_unit is None]
    assert [data.site.organisation_id for data in apart] == [partner.id]
    clinical = [one for one in apart[0].staff if one.organisation_id == partner.id]
    assert {one.role for one in clinical} == {
        Role.NURSE,
        Role.PAEDIATRICS,
        Role.OBSTETRICS,
    }
    assert not any(one.is_programme_side for one in clinical)


def test_names_are_unique_at_a_site_and_varied_over_the_network(sites):
    for data in sites:
        at_site = [(one.first_name, one.last_name) for one in data.parents]
        assert len(at_site) == len(set(at_site))
    everywhere = {
        (one.first_name, one.last_name) for data in sites for one in data.parents
    }
    assert len(everywhere) > 0.95 * 1048


def test_phones_and_addresses_reach_nobody(sites):
    for data in sites:
        for one in data.parents + data.caregivers:
            assert one.phone[5:10] == "55501"
            assert len(one.phone) == 12
            assert one.email.endswith("@example.org")
        assert all(one.email.endswith("@demo.example") for one in data.staff)


def test_words_are_person_first(network):
    said = sorted(set(texts(network)) | {json.dumps(truth(network))})
    words = language_lint.read_words()
    assert [hit for one in said for hit in words.found_in(one)] == []


def test_staff_are_linked_to_families_of_their_own_site_only(sites):
    for data in sites:
        staff = {one.key: one.role for one in data.staff}
        parents = {one.key for one in data.parents}
        for link in data.care_links:
            assert staff[link.staff_key] is link.role
            assert link.parent_key in parents
            assert link.ends_on is None or link.ends_on > link.starts_on


def test_stages_follow_each_other_without_gaps(sites):
    for data in sites:
        for episode in data.episodes:
            spans = episode.stages
            assert spans[0].stage == "referral"
            for one, following in pairwise(spans):
                assert one.ends_on == following.starts_on > one.starts_on
            assert spans[-1].ends_on == episode.ended_on


def test_births_and_referrals_lie_in_three_years_before_the_day(network, sites):
    first = network.plan.as_of - timedelta(days=3 * 366 + 200)
    for data in sites:
        assert all(one.born <= network.plan.as_of for one in data.children)
        assert all(
            one.born > network.plan.as_of - timedelta(days=1110)
            for one in data.children
        )
        assert all(
            first < one.referred_on <= network.plan.as_of for one in data.episodes
        )
