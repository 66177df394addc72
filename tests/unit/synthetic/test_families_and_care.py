"""Children, groups, visits, doses of the demo network, held against the rules."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import timedelta
from statistics import fmean

import pytest

from trellis.core.dates import add_months_clamped
from trellis.core.growth.scores import assess
from trellis.core.people.visits import counting_window, planning_window
from trellis.synthetic import parameters
from trellis.synthetic.truth import truth


def test_twins_share_birth_date_mother_and_no_first_name(sites):
    twins = 0
    for data in sites:
        children = {one.key: one for one in data.children}
        for pregnancy in data.pregnancies:
            born = {children[key].born for key in pregnancy.child_keys}
            names = {children[key].first_name for key in pregnancy.child_keys}
            assert len(names) == len(pregnancy.child_keys)
            assert born == ({pregnancy.ended_on} if pregnancy.ended_on else set())
            twins += len(pregnancy.child_keys) == 2
    assert twins > 10


def test_some_are_still_pregnant_with_a_due_date_ahead(network, sites):
    waiting = [
        one for data in sites for one in data.pregnancies if one.ended_on is None
    ]
    assert len(waiting) > 50
    assert all(one.due_on > network.plan.as_of for one in waiting)


def test_each_child_has_one_dyad_with_its_birth_parent(sites):
    for data in sites:
        parents = {one.key for one in data.parents}
        born_to = [one for one in data.dyads if one.kind == "birth"]
        assert Counter(one.child_key for one in born_to) == Counter(
            one.key for one in data.children
        )
        assert {one.parent_key for one in born_to} <= parents


def test_kin_and_foster_care_has_dates_and_some_has_ended(network, sites):
    others = [one for data in sites for one in data.dyads if one.kind != "birth"]
    assert {one.kind for one in others} == {"kin", "foster"}
    ended = [one for one in others if one.ends_on]
    assert 0 < len(ended) < len(others)
    assert all(one.starts_on < one.ends_on <= network.plan.as_of for one in ended)


def test_no_measurement_is_one_that_who_calls_implausible(sites):
    children = {one.key: one for data in sites for one in data.children}
    scores = []
    for data in sites:
        for one in data.measurements:
            child = children[one.child_key]
            score = assess(
                sex=child.sex,
                age_days=(one.measured_at.date() - child.born).days,
                weight_kg=one.weight_g / 1000,
                lenhei_cm=one.length_mm / 10,
                measure=one.position,
                headc_cm=None if one.head_mm is None else one.head_mm / 10,
            )
            flags = (score.flen, score.fwei, score.fwfl, score.fbmi, score.fhc)
            assert True not in flags, (child, one, score)
            scores.append(score.zwei)
    assert -0.8 < fmean(scores) < 0.2


def test_birth_sizes_are_those_of_newborns(sites):
    for data in sites:
        for one in data.children:
            assert 1000 <= one.birth_weight_g <= 5200
            assert 31 <= one.gestation_weeks <= 41
    preterm = [o for d in sites for o in d.children if o.gestation_weeks < 37]
    assert len(preterm) > 100


def test_children_never_lose_length(sites):
    for data in sites:
        by_child = defaultdict(list)
        for one in data.measurements:
            by_child[one.child_key].append((one.measured_at, one.length_mm))
        for rows in by_child.values():
            lengths = [length for _, length in sorted(rows)]
            assert lengths == sorted(lengths)


def test_every_expected_child_is_in_its_planning_window_or_listed_as_outside(sites):
    for data in sites:
        sessions = {one.key: one for one in data.sessions}
        children = {one.key: one for one in data.children}
        for place in data.places:
            session = sessions[place.session_key]
            window = planning_window(session.visit, children[place.child_key].born)
            assert window.holds(session.starts_at.date())
            assert (window.starts, window.last_day) == (
                place.window_opens_on,
                place.window_closes_on,
            )
        inside = {(one.session_key, one.dyad_key) for one in data.places}
        for row in data.out_of_window:
            on = sessions[row.session_key].starts_at.date()
            assert not row.window_opens_on <= on <= row.window_closes_on
            assert (row.session_key, row.dyad_key) not in inside


def test_expected_dyads_are_members_on_the_day(sites):
    for data in sites:
        sessions = {one.key: one for one in data.sessions}
        members = defaultdict(list)
        for one in data.memberships:
            members[one.cohort_key, one.dyad_key].append(one)
        for place in data.places:
            session = sessions[place.session_key]
            on = session.starts_at.date()
            spans = members[session.cohort_key, place.dyad_key]
            assert any(
                one.starts_on <= on and (one.ends_on is None or on < one.ends_on)
                for one in spans
            )


def test_a_group_of_six_to_eight_families_is_due_today_at_ten(network, sites):
    for data in sites:
        today = [
            one for one in data.sessions if one.starts_at.date() == network.plan.as_of
        ]
        assert len(today) == 1
        assert today[0].starts_at.hour == 14  # 10:00 in New York, daylight saving
        assert today[0].state == "planned"
        places = [one for one in data.places if one.session_key == today[0].key]
        parent_of = {one.key: one.parent_key for one in data.dyads}
        families = {parent_of[one.dyad_key] for one in places}
        assert 6 <= len(families) <= 8
        assert {one.status for one in places} == {"expected"}


def test_sessions_go_on_after_today_and_no_room_is_taken_twice(network, sites):
    for data in sites:
        starts = [(one.starts_at, one.room_key) for one in data.sessions]
        assert len(starts) == len(set(starts))
        assert sum(one.starts_at.date() > network.plan.as_of for one in data.sessions)
        closed = {day.on for day in data.site.closed_days}
        assert not closed & {one.starts_at.date() for one in data.sessions}


def test_who_came_has_a_time_and_a_visit_and_who_did_not_a_reason(sites):
    for data in sites:
        for one in data.places:
            came = one.status in ("arrived", "late", "left_early")
            assert came == (one.arrived_at is not None)
            assert came == (one.encounter_key is not None)
            assert (one.status == "absent") == bool(one.reason)


def test_each_absence_opens_one_make_up_inside_the_counting_window(network, sites):
    for data in sites:
        children = {one.key: one for one in data.children}
        absent = {one.key for one in data.places if one.status == "absent"}
        assert Counter(one.place_key for one in data.make_ups) == Counter(absent)
        for one in data.make_ups:
            window = counting_window(one.visit, children[one.child_key].born)
            assert one.due_by == window.last_day
            assert (one.state == "done") == (one.encounter_key is not None)
            assert (one.state == "expired") == (
                one.due_by < network.plan.as_of and one.encounter_key is None
            )


def test_visits_lie_before_today_and_each_visit_of_a_child_happens_once(network, sites):
    for data in sites:
        made = Counter((one.child_key, one.visit) for one in data.encounters)
        assert max(made.values()) == 1
        assert all(one.on < network.plan.as_of for one in data.encounters)
        assert all(one.signed_at > one.started_at for one in data.encounters)


def test_doses_keep_least_ages_and_come_from_stock_in_date(sites):
    for data in sites:
        children = {one.key: one for one in data.children}
        for dose in data.doses:
            born = children[dose.child_key].born
            assert dose.on > born
            if dose.cvx in ("03", "21", "83"):
                assert dose.on >= add_months_clamped(born, 12)
            if dose.cvx in ("120", "216", "119"):
                assert dose.on >= born + timedelta(days=42)
            if dose.cvx == "119":
                assert dose.on <= add_months_clamped(born, 8)
            if not dose.is_given_elsewhere:
                assert dose.expires_on >= dose.on
                assert (dose.body_site == "") == (dose.route == "PO")


@pytest.mark.parametrize("cvx", ["03", "08", "119", "120", "21", "216", "83", "140"])
def test_every_vaccine_of_the_schedule_is_given(sites, cvx):
    assert sum(one.cvx == cvx for data in sites for one in data.doses) > 100


def test_visits_made_agree_with_the_true_mean_and_spread(sites):
    tallies = [one for data in sites for one in data.tallies]
    mean = parameters.VISIT_MEAN.value
    made = sum(one.completed for one in tallies) / sum(one.due for one in tallies)
    assert made == pytest.approx(mean, abs=0.03)
    # Beta-binomial: variance n m (1 - m) (1 + (n - 1) rho), pooled over all n.
    rho = parameters.VISIT_CORRELATION.value
    expected = [
        one.due * mean * (1 - mean) * (1 + (one.due - 1) * rho) for one in tallies
    ]
    seen = [(one.completed - one.due * mean) ** 2 for one in tallies]
    assert fmean(seen) == pytest.approx(fmean(expected), rel=0.2)


def test_completed_visits_are_the_encounters(sites):
    for data in sites:
        assert sum(one.completed for one in data.tallies) == len(data.encounters)


def test_shares_of_people_agree_with_the_truth(sites):
    parents = [one for data in sites for one in data.parents]
    white = sum(
        one.race == ("white",) and one.ethnicity == "not_hispanic" for one in parents
    )
    assert white / len(parents) == pytest.approx(0.805, abs=0.09)
    medicaid = sum(one.payer == "medicaid" for one in parents)
    assert medicaid / len(parents) == pytest.approx(0.93, abs=0.03)
    assert {one.language for one in parents} == {"en", "es"}


def test_most_families_have_their_agreement_on_file_and_some_have_not(sites):
    answers = {}
    for data in sites:
        parents = {dyad.key: dyad.parent_key for dyad in data.dyads}
        for place in data.places:
            answers.setdefault(parents[place.dyad_key], set()).add(place.has_agreement)
    assert all(len(told) == 1 for told in answers.values()), "one answer a family"
    share = sum(told == {True} for told in answers.values()) / len(answers)
    assert share == pytest.approx(7 / 8, abs=0.05)


def test_every_dose_given_here_names_a_sheet_that_existed_by_then(sites):
    doses = [dose for data in sites for dose in data.doses]
    here = [dose for dose in doses if not dose.is_given_elsewhere]
    elsewhere = [dose for dose in doses if dose.is_given_elsewhere]
    assert here
    assert all(dose.vis_edition_on and dose.vis_edition_on <= dose.on for dose in here)
    assert {dose.vis_edition_on for dose in elsewhere} == {None}


def test_the_truth_says_for_every_parameter_where_it_comes_from(network):
    told = truth(network)
    assert json.loads(json.dumps(told)) == told
    assert told["realised"]["parents"] == 1048
    assert sum(site["parents"] for site in told["sites"]) == 1048
    for one in told["parameters"] + told["mixtures"]:
        assert one["basis"]
        assert one["is_assumption"] == ("assumption" in one["basis"])


def test_every_parameter_of_the_module_is_told():
    named = {
        value.name
        for value in vars(parameters).values()
        if isinstance(value, parameters.Parameter | parameters.Mixture)
    }
    told = {one.name for one in parameters.PARAMETERS + parameters.MIXTURES}
    assert named == told
