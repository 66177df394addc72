"""The care team, the episodes, and a caregiver who is registered, through the pages."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from tests.factories import (
    NINE,
    OTHER_SITE,
    TODAY,
    CareLinkFactory,
    DyadFactory,
    EpisodeFactory,
    MembershipFactory,
    ParentFactory,
    SiteFactory,
    UserFactory,
    a_viewer,
    stored,
    user_id_of,
)
from tests.world import a_world, browser_of

from trellis.core.access.vocabulary import Role
from trellis.core.errors import InvalidInput, NotFound
from trellis.core.people.stages import Stage
from trellis.records.care import operations as care
from trellis.records.care import queries
from trellis.records.care.models import CareLink, Episode
from trellis.records.people.models import Dyad
from trellis.web import viewers


pytestmark = [pytest.mark.django_db, pytest.mark.both]
CHANGING = (Role.COORDINATOR, Role.SUD_COUNSELLOR, Role.CASE_MANAGER)


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(viewers, "now", lambda: NINE)
    return a_world()


@pytest.fixture
def nurse():
    user = UserFactory(id=user_id_of(Role.NURSE), name="Joy Adams")
    MembershipFactory(user=user, site=SiteFactory(), role=Role.NURSE.value)
    return user


def link(parent, starts=None, by=None):
    care.link_staff(
        by=by or a_viewer(),
        parent_id=parent.pk,
        staff_id=user_id_of(Role.NURSE),
        role=Role.NURSE,
        starts=starts,
    )


def test_somebody_joins_from_an_earlier_day_on(nurse):
    link(ParentFactory(), starts=TODAY - timedelta(days=3))
    [line] = stored(CareLink)
    assert line.starts == datetime(2027, 2, 26, 5, 0, tzinfo=UTC)  # midnight there


@pytest.mark.parametrize("days", [1, 400])
def test_nobody_joins_in_the_future(nurse, days):
    with pytest.raises(InvalidInput, match="Start"):
        link(ParentFactory(), starts=TODAY + timedelta(days=days))


def test_who_left_comes_back_on_a_day_after_it(nurse):
    parent = ParentFactory()
    link(parent, starts=TODAY - timedelta(days=3))
    [line] = stored(CareLink)
    care.end_link(by=a_viewer(), link_id=line.pk)
    with pytest.raises(InvalidInput, match="left the team"):
        link(parent, starts=TODAY - timedelta(days=1))
    link(parent, starts=TODAY)
    assert len([one for one in stored(CareLink) if one.ends is None]) == 1


def test_a_link_may_end_the_moment_it_was_made(nurse):
    link(ParentFactory())
    [line] = stored(CareLink)
    care.end_link(by=a_viewer(), link_id=line.pk)
    [line] = stored(CareLink)
    assert line.ends > line.starts


def test_a_team_of_another_site_is_as_good_as_missing():
    elsewhere = ParentFactory(site_id=OTHER_SITE)
    for key in (elsewhere.pk, uuid4()):
        with pytest.raises(NotFound):
            queries.care_team(viewer=a_viewer(), parent_id=key)


@pytest.mark.parametrize("role", sorted(Role))
def test_who_may_change_the_team_is_offered_the_site_s_staff(world, role):
    subject = world.keys["parent"] if role is Role.PARENT else None
    viewer = a_viewer(role, subject_id=subject)
    if role not in CHANGING:
        with pytest.raises(NotFound):
            queries.care_team(viewer=viewer, parent_id=world.keys["parent"])
        return
    told = queries.care_team(viewer=viewer, parent_id=world.keys["parent"])
    offered = {one.role for one in told.choices}
    assert Role.NURSE.value in offered
    assert not offered & {"director", "coordinator", "evaluator_funder", "parent"}


def test_the_team_takes_at_most_twelve_statements(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(12 if connection.vendor == "sqlite" else 15):
        queries.care_team(viewer=a_viewer(), parent_id=world.keys["parent"])


def test_the_page_of_the_team_adds_and_ends(world):
    browser = browser_of(world.people[Role.COORDINATOR])
    parent = ParentFactory()
    path = f"/people/parents/{parent.pk}/team/"
    assert "Nobody is named yet" in text_of(browser.get(path))
    nurse = world.people[Role.NURSE]
    since = TODAY - timedelta(days=1)
    form = {"member": f"{nurse.pk}:nurse", "starts": since.isoformat()}
    for _ in range(2):
        assert browser.post(path, form).status_code == 302
    [line] = links_of(parent)
    page = text_of(browser.get(path))
    assert f"{path}{line.pk}/end/" in page
    assert "since Feb. 28, 2027" in page
    assert browser.post(f"{path}{line.pk}/end/").status_code == 302
    assert [one.ends is None for one in links_of(parent)] == [False]
    assert browser.post(f"{path}{line.pk}/end/").status_code == 404


def links_of(parent):
    return [one for one in stored(CareLink) if one.parent_id == parent.pk]


def test_a_nurse_of_another_site_is_no_choice(world):
    browser = browser_of(world.people[Role.COORDINATOR])
    stranger = world.doubles[Role.NURSE]
    form = {"member": f"{stranger.pk}:nurse", "starts": TODAY.isoformat()}
    answer = browser.post(f"/people/parents/{world.keys['parent']}/team/", form)
    assert answer.status_code == 422


def test_who_leaves_the_own_team_is_led_to_the_list(world):
    browser = browser_of(world.people[Role.CASE_MANAGER])
    key = world.keys["parent"]
    [own] = [
        one
        for one in stored(CareLink)
        if (one.parent_id, one.role) == (key, "case_manager")
    ]
    answer = browser.post(f"/people/parents/{key}/team/{own.pk}/end/")
    assert answer["Location"] == "/people/"
    assert browser.get(f"/people/parents/{key}/").status_code == 404


def test_an_episode_is_enrolled_moved_on_ended_and_opened_again(world):
    browser = browser_of(world.people[Role.COORDINATOR])
    parent = ParentFactory(enrolled=False)
    EpisodeFactory(parent=parent, enrolled_on=None, stage="referral")
    path = f"/people/parents/{parent.pk}/episode/"
    page = text_of(browser.get(path))
    for step in ("enrol/", "end/"):
        assert f"{path}{step}" in page
    on = TODAY.isoformat()
    assert browser.post(f"{path}enrol/", {"on": on}).status_code == 302
    stage = {"seen": "referral", "stage": "prenatal", "since": on}
    assert browser.post(f"{path[:-8]}stage/", stage).status_code == 302
    left = {"reason": "paused", "on": on}
    assert browser.post(f"{path}end/", left).status_code == 302
    page = text_of(browser.get(path))
    assert "No episode is open" in page
    again = {"key": str(uuid4()), "referred_on": on, "stage": "referral"}
    answers = [browser.post(f"{path}new/", again).status_code for _ in range(2)]
    assert answers == [302, 302]
    kept = [one for one in stored(Episode) if one.parent_id == parent.pk]
    assert sorted(one.end_reason for one in kept) == ["", "paused"]


def test_what_cannot_be_is_said_on_the_form(world):
    browser = browser_of(world.people[Role.COORDINATOR])
    path = f"/people/parents/{world.keys['parent']}/episode/"
    early = {"reason": "left", "on": "2020-01-01"}
    assert browser.post(f"{path}end/", early).status_code == 422
    again = {"key": str(uuid4()), "referred_on": "2027-02-20", "stage": "referral"}
    answer = browser.post(f"{path}new/", again)
    assert answer.status_code == 422
    assert "An episode is open already" in text_of(answer)


def test_two_people_who_enrol_on_two_days_meet_a_conflict(world):
    browser = browser_of(world.people[Role.COORDINATOR])
    path = f"/people/parents/{world.keys['parent']}/episode/enrol/"
    answer = browser.post(path, {"on": TODAY.isoformat()})
    assert answer.status_code == 409


def test_after_a_death_nothing_is_offered(world):
    parent = ParentFactory(enrolled=False)
    EpisodeFactory(
        parent=parent,
        ended_on=TODAY,
        end_reason=Stage.DECEASED.value,
        stage=Stage.DECEASED.value,
    )
    browser = browser_of(world.people[Role.COORDINATOR])
    page = text_of(browser.get(f"/people/parents/{parent.pk}/episode/"))
    assert "/episode/new/" not in page


@pytest.mark.parametrize(
    "path", ["team/", "episode/", "episode/enrol/", "episode/end/", "episode/new/"]
)
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.NURSE, Role.PEER_COACH])
def test_who_may_not_record_finds_no_page(world, role, path):
    browser = browser_of(world.people[role])
    answer = browser.get(f"/people/parents/{world.keys['parent']}/{path}")
    assert answer.status_code == 404


def linking(adult, **more):
    return {
        "key": str(uuid4()),
        "adult": str(adult.pk),
        "starts": TODAY.isoformat(),
        **more,
    }


def test_a_case_manager_links_kin_who_are_registered(world):
    kin = ParentFactory(first_name="Rosa", folded="rosa example")
    CareLinkFactory(parent=kin, role=Role.CASE_MANAGER.value)
    browser = browser_of(world.people[Role.CASE_MANAGER])
    path = f"/people/{world.keys['dyad']}/caregiver/registered/?q=rosa"
    assert "Rosa Example" in text_of(browser.get(path))
    form = linking(kin, kind="kin", authority=["may_attend"])
    first, second = (browser.post(path, form) for _ in range(2))
    assert first["Location"] == second["Location"]
    [row] = [one for one in stored(Dyad) if one.parent_id == kin.pk]
    assert (row.child_id, row.kind, row.may_consent, row.may_attend) == (
        world.keys["child"],
        "kin",
        False,
        True,
    )


def test_two_dyads_of_the_same_two_never_overlap(world):
    other = ParentFactory(first_name="Rosa", folded="rosa example")
    browser = browser_of(world.people[Role.COORDINATOR])
    path = f"/people/{world.keys['dyad']}/caregiver/registered/?q=rosa"
    assert browser.post(path, linking(other)).status_code == 302
    answer = browser.post(path, linking(other))
    assert answer.status_code == 422
    assert "already a dyad" in text_of(answer)


def test_a_coordinator_links_a_birth_parent_and_no_other_kind(world):
    other = ParentFactory(first_name="Rosa", folded="rosa example")
    browser = browser_of(world.people[Role.COORDINATOR])
    path = f"/people/{world.keys['dyad']}/caregiver/registered/?q=rosa"
    assert 'name="kind"' not in text_of(browser.get(path))
    assert browser.post(path, linking(other, kind="guardian")).status_code == 302
    [row] = [one for one in stored(Dyad) if one.parent_id == other.pk]
    assert (row.kind, row.may_see_record) == ("birth-parent", True)


def test_only_adults_who_are_open_are_found(world):
    ParentFactory(first_name="Rosa", folded="rosa example", site_id=OTHER_SITE)
    unknown = ParentFactory(first_name="Rosa", folded="rosa example")
    for role in (Role.COORDINATOR, Role.CASE_MANAGER):
        browser = browser_of(world.people[role])
        path = f"/people/{world.keys['dyad']}/caregiver/registered/?q=rosa"
        page = text_of(browser.get(path))
        assert (str(unknown.pk) in page) == (role is Role.COORDINATOR)
    answer = browser.post(path, linking(unknown, kind="kin"))
    assert answer.status_code == 422


@pytest.mark.parametrize("role", [Role.NURSE, Role.PEER_COACH, Role.DIRECTOR])
def test_linking_who_is_registered_is_closed_to_the_others(world, role):
    browser = browser_of(world.people[role])
    path = f"/people/{world.keys['dyad']}/caregiver/registered/"
    assert browser.get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "{dyad}/caregiver/registered/?q=a",
        "parents/{parent}/team/",
        "parents/{parent}/episode/",
        "parents/{parent}/episode/end/",
    ],
)
def test_the_pages_take_at_most_twenty_five_statements(
    world, path, django_assert_max_num_queries
):
    browser = browser_of(world.people[Role.CASE_MANAGER])
    address = path.format(dyad=world.keys["dyad"], parent=world.keys["parent"])
    with django_assert_max_num_queries(25 if connection.vendor == "sqlite" else 32):
        assert browser.get(f"/people/{address}").status_code == 200


def test_a_child_of_another_site_is_as_good_as_missing():
    elsewhere = DyadFactory(site_id=OTHER_SITE)
    for key in (elsewhere.pk, uuid4()):
        with pytest.raises(NotFound):
            queries.child_of_dyad(viewer=a_viewer(), dyad_id=key)


def text_of(answer):
    return answer.content.decode()
