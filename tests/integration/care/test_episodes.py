"""Episodes of care: opened, moved on, ended; coming back opens a new one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories import (
    OTHER_SITE,
    TODAY,
    CareLinkFactory,
    EpisodeFactory,
    MembershipFactory,
    ParentFactory,
    UserFactory,
    a_viewer,
    stored,
    user_id_of,
)

from trellis.core.access.vocabulary import Role
from trellis.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from trellis.core.people.stages import Stage
from trellis.records.care import operations as care
from trellis.records.care import queries
from trellis.records.care.models import CareLink, Episode
from trellis.records.care.operations import NewEpisode


pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def episode():
    ParentFactory()
    return stored(Episode)[0]


def move(episode, stage, seen=Stage.POSTPARTUM, by=None):
    care.set_stage(
        by=by or a_viewer(),
        episode_id=episode.pk,
        seen=seen,
        stage=stage,
        since=TODAY,
    )


def end(episode, reason=Stage.PAUSED, on=TODAY):
    care.end_episode(by=a_viewer(), episode_id=episode.pk, reason=reason, on=on)


def test_a_stage_moves_on_and_the_same_again_is_nothing(episode):
    for _ in range(2):
        move(episode, Stage.PARENTING)
    [row] = stored(Episode)
    assert (row.stage, row.stage_since) == ("parenting", TODAY)


def test_a_stage_does_not_go_back(episode):
    with pytest.raises(RuleRefused, match="cannot follow"):
        move(episode, Stage.INTAKE)


def test_another_stage_that_was_recorded_meanwhile_is_a_conflict(episode):
    move(episode, Stage.PARENTING)
    with pytest.raises(Conflict) as conflict:
        move(episode, Stage.TRANSITION)
    assert conflict.value.current == "parenting"


def test_an_episode_ends_once(episode):
    for _ in range(2):
        end(episode)
    [row] = stored(Episode)
    assert (row.ended_on, row.end_reason) == (TODAY, "paused")
    with pytest.raises(Conflict):
        end(episode, Stage.LEFT)


def test_an_episode_does_not_end_before_it_began(episode):
    with pytest.raises(RuleRefused):
        end(episode, on=episode.referred_on - timedelta(days=1))
    with pytest.raises(InvalidInput):
        end(episode, on=TODAY + timedelta(days=1))


def test_coming_back_opens_a_new_episode_and_keeps_the_old_one(episode):
    end(episode)
    key = uuid4()
    for _ in range(2):
        care.open_episode(
            by=a_viewer(),
            key=key,
            parent_id=episode.parent_id,
            episode=NewEpisode(TODAY, TODAY, Stage.PARENTING),
        )
    page = queries.parent_page(viewer=a_viewer(), parent_id=episode.parent_id)
    stages = [line.stage for line in page.parent.episodes]
    assert stages == [Stage.PARENTING, Stage.PAUSED]


def test_two_episodes_are_never_open_at_once(episode):
    with pytest.raises(RuleRefused, match="open already"):
        care.open_episode(
            by=a_viewer(),
            key=uuid4(),
            parent_id=episode.parent_id,
            episode=NewEpisode(TODAY),
        )


def test_nothing_opens_after_a_death(episode):
    end(episode, Stage.DECEASED)
    with pytest.raises(RuleRefused, match="closed"):
        care.open_episode(
            by=a_viewer(),
            key=uuid4(),
            parent_id=episode.parent_id,
            episode=NewEpisode(TODAY),
        )


def test_enrolment_is_recorded_once_and_not_before_the_referral():
    parent = ParentFactory(enrolled=False)
    episode = EpisodeFactory(parent=parent, enrolled_on=None, stage="referral")
    with pytest.raises(RuleRefused, match="enrolment"):
        move(episode, Stage.PRENATAL, seen=Stage.REFERRAL)
    for _ in range(2):
        care.enrol(by=a_viewer(), episode_id=episode.pk, on=TODAY)
    with pytest.raises(Conflict):
        care.enrol(by=a_viewer(), episode_id=episode.pk, on=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    "role",
    [Role.DIRECTOR, Role.NURSE, Role.PAEDIATRICS, Role.PEER_COACH, Role.FACILITATOR],
)
def test_who_may_not_record_a_stage(role):
    CareLinkFactory(parent=ParentFactory(), role=role.value)
    [episode] = stored(Episode)
    with pytest.raises(NotFound):
        move(episode, Stage.PARENTING, by=a_viewer(role))


def test_an_episode_of_another_site_is_as_good_as_missing():
    ParentFactory(site_id=OTHER_SITE)
    [elsewhere] = stored(Episode, OTHER_SITE)
    with pytest.raises(NotFound):
        move(elsewhere, Stage.PARENTING)


def works_here(role):
    MembershipFactory(user=UserFactory(id=user_id_of(role)), role=role.value)


@pytest.mark.parametrize("role", [Role.NURSE, Role.CASE_MANAGER])
def test_nobody_is_linked_in_a_role_not_held_at_the_site(episode, role):
    works_here(Role.PEER_COACH)
    with pytest.raises(NotFound):
        care.link_staff(
            by=a_viewer(),
            parent_id=episode.parent_id,
            staff_id=user_id_of(Role.PEER_COACH),
            role=role,
        )
    assert stored(CareLink) == []


def test_a_link_to_staff_opens_the_family_and_its_end_closes_it(episode):
    manager = a_viewer(Role.CASE_MANAGER)
    works_here(Role.CASE_MANAGER)
    for _ in range(2):
        care.link_staff(
            by=a_viewer(),
            parent_id=episode.parent_id,
            staff_id=user_id_of(Role.CASE_MANAGER),
            role=Role.CASE_MANAGER,
        )
    [link] = stored(CareLink)
    later = a_viewer(Role.COORDINATOR, at=manager.at + timedelta(minutes=5))
    queries.parent_page(viewer=manager, parent_id=episode.parent_id)
    care.end_link(by=later, link_id=link.pk)
    after = a_viewer(Role.CASE_MANAGER, at=manager.at + timedelta(minutes=6))
    with pytest.raises(NotFound):
        queries.parent_page(viewer=after, parent_id=episode.parent_id)
