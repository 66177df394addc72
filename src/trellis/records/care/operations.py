"""Writing about care: registering a family, its episodes and stages, who cares for it.

A new row is written first and asked about then (see ``people.operations``): a family
stands on the site's list, or on somebody's team, by these very rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass, Origin, Role
from trellis.core.errors import (
    Conflict,
    InvalidInput,
    NeedsConfirmation,
    NotFound,
    RuleRefused,
)
from trellis.core.people.entries import check_enrolled, check_not_future
from trellis.core.people.stages import (
    BEFORE_ENROLMENT,
    ENDS,
    Stage,
    check_is_end,
    check_may_follow,
    check_may_open,
)
from trellis.records.access import gate
from trellis.records.access.gate import writes
from trellis.records.access.models import provenance
from trellis.records.accounts.queries import works_at
from trellis.records.care.facts import BY_SITE
from trellis.records.care.models import CareLink, Episode
from trellis.records.people import operations as people
from trellis.records.people.duplicates import has_probable
from trellis.records.people.entries import NewChild, NewParent
from trellis.records.people.models import Parent


PROGRAMME = DataClass.PROGRAMME_RECORD


@dataclass(frozen=True, slots=True)
class NewEpisode:
    """Referral, enrolment if there was one already, and the stage now."""

    referred_on: date
    enrolled_on: date | None = None
    stage: Stage = Stage.REFERRAL


@dataclass(frozen=True, slots=True)
class NewFamily:
    """Everything one registration form says; every key is made with the form."""

    parent: NewParent
    episode: NewEpisode
    children: tuple[NewChild, ...] = ()
    due_on: date | None = None
    reach_via: str = ""


@writes
def register_family(
    *, by: Viewer, family: NewFamily, is_confirmed: bool = False
) -> UUID | None:
    """Register a parent with episode, children and pregnancy; the first dyad's key.

    None where there is no child yet. Whoever registers without standing by the whole
    site's list joins the family's care team, to see whom they registered. The same
    form again changes nothing.

    Raises:
        NotFound: another site, or the actor may not register families.
        InvalidInput: a value that cannot be.
        RuleRefused: a programme rule says no.
        NeedsConfirmation: somebody like this is registered, and ``is_confirmed`` false.
        Conflict: a key, or the site's own number, belongs to another record.
    """
    parent = family.parent
    if parent.site_id not in by.site_ids:
        raise NotFound
    if not is_confirmed and not _is_there(by, parent.key):
        _ask_about_duplicates(by, family)
    # The episode stands first: by it the gate knows the family as this site's.
    _open(by, parent.key, parent.site_id, family.episode, uuid5(parent.key, "episode"))
    if by.role not in BY_SITE:
        _join(by, parent.key, parent.site_id, by.user_id, by.role)
    people.register_parent(by=by, parent=parent)
    gate.require_write(by, PROGRAMME, gate.new_row(by, parent.key, Origin.PART2))
    dyads = [
        people.add_child(by=by, parent_id=parent.key, child=child, is_confirmed=True)
        for child in family.children
    ]
    _rest_of_form(by, family)
    return dyads[0] if dyads else None


@writes
def open_episode(
    *, by: Viewer, key: UUID, parent_id: UUID, episode: NewEpisode
) -> UUID:
    """Open an episode: a first referral, or coming back, which is an ordinary step.

    Raises:
        NotFound: no such adult for the actor, or the actor may not record it.
        RuleRefused: an episode is open, the dates do not fit, or the person has died.
    """
    parent = _parent(by, parent_id)
    gate.require_write(by, PROGRAMME, gate.new_row(by, parent_id, Origin.PART2))
    if Episode.ungated.filter(pk=key, parent_id=parent_id).exists():
        return key
    last = Episode.ungated.filter(parent_id=parent_id).order_by("referred_on").last()
    if last is not None and last.ended_on is None:
        raise RuleRefused("An episode is open already. End it first.")
    check_may_open(Stage(last.end_reason) if last and last.end_reason else None)
    _open(by, parent_id, parent.site_id, episode, key)
    gate.note(by, "care.open-episode", [parent_id])
    return key


@writes
def enrol(*, by: Viewer, episode_id: UUID, on: date) -> None:
    """Record the day on which the family joined; the same day again changes nothing.

    Raises:
        NotFound: no such episode for the actor, or the actor may not record it.
        RuleRefused: the day lies before the referral.
        Conflict: another day stands there.
    """
    episode = _episode(by, episode_id)
    check_not_future("Enrolment", on, by.today)
    check_enrolled(episode.referred_on, on)
    if episode.enrolled_on == on:
        return
    if episode.enrolled_on is not None:
        raise Conflict("The enrolment is recorded.", current=f"{episode.enrolled_on}")
    Episode.ungated.filter(pk=episode_id).update(enrolled_on=on)
    gate.note(by, "care.enrol", [episode.parent_id])


@writes
def set_stage(
    *, by: Viewer, episode_id: UUID, seen: Stage, stage: Stage, since: date
) -> None:
    """Move an episode on. ``seen`` is the stage that stood there for the actor.

    Raises:
        NotFound: no such episode for the actor, or the actor may not record it.
        RuleRefused: the stage cannot follow, or needs an enrolment first.
        Conflict: another stage stands there now.
    """
    episode = _episode(by, episode_id)
    if episode.stage == stage.value:
        return
    if episode.stage != seen.value:
        raise Conflict("Somebody recorded another stage.", current=episode.stage)
    if episode.ended_on is not None:
        raise RuleRefused("This episode has ended. Coming back opens a new one.")
    check_may_follow(seen, stage)
    _check_enrolled_for(stage, episode.enrolled_on)
    check_not_future("Stage since", since, by.today)
    columns = {"stage": stage.value, "stage_since": since}
    Episode.ungated.filter(pk=episode_id).update(**columns)
    gate.note(by, "care.set-stage", [episode.parent_id], stage=stage.value)


@writes
def end_episode(*, by: Viewer, episode_id: UUID, reason: Stage, on: date) -> None:
    """End an episode; ``reason`` is one of the ways of leaving.

    Raises:
        NotFound: no such episode for the actor, or the actor may not record it.
        RuleRefused: no way of leaving, or a day before the referral.
        Conflict: it ended already, otherwise.
    """
    episode = _episode(by, episode_id)
    check_is_end(reason)
    check_not_future("End", on, by.today)
    check_enrolled(episode.referred_on, on)
    if (episode.ended_on, episode.end_reason) == (on, reason.value):
        return
    if episode.ended_on is not None:
        raise Conflict("This episode has ended.", current=f"{episode.ended_on}")
    columns = {
        "ended_on": on,
        "end_reason": reason.value,
        "stage": reason.value,
        "stage_since": on,
    }
    Episode.ungated.filter(pk=episode_id).update(**columns)
    gate.note(by, "care.end-episode", [episode.parent_id])


@writes
def link_staff(
    *,
    by: Viewer,
    parent_id: UUID,
    staff_id: UUID,
    role: Role,
    starts: date | None = None,
) -> None:
    """Put a member of staff on the family's care team, from now or an earlier day on.

    Who is on the team in this role stays as they are.

    Raises:
        InvalidInput: in the future, or before the same person left the team.
        NotFound: no such adult for the actor, the actor may not record it, or nobody
            of this key works at the site in this role.
    """
    parent = _parent(by, parent_id)
    gate.require_write(by, PROGRAMME, gate.new_row(by, parent_id, Origin.PART2))
    if not works_at(staff_id, role, site_id=parent.site_id, on=by.today):
        raise NotFound
    begins = _begins(by, parent_id, staff_id, role=role, starts=starts)
    _join(by, parent_id, parent.site_id, staff_id, role, begins=begins)
    gate.note(by, "care.link-staff", [parent_id], staff=str(staff_id))


@writes
def end_link(*, by: Viewer, link_id: UUID) -> None:
    """Take a member of staff off the care team; with it their access ends at once.

    Raises:
        NotFound: no such link for the actor, or the actor may not record it.
    """
    # Ungated: the link's own columns are what the gate is asked with.
    links = CareLink.ungated.select_for_update().filter(site_id__in=by.site_ids)
    link = links.filter(pk=link_id).first()
    if link is None:
        raise NotFound
    own = gate.Key(link.parent_id, link.origin, link.origin_org_id, link.author_org_id)
    gate.require_write(by, PROGRAMME, own)
    if link.ends is None:
        # A link lasts longer than no time, also one that is ended as it is made.
        ends = max(by.at, link.starts + timedelta(microseconds=1))
        CareLink.ungated.filter(pk=link_id).update(ends=ends)
        gate.note(by, "care.end-link", [link.parent_id], staff=str(link.staff_id))


def _ask_about_duplicates(by: Viewer, family: NewFamily) -> None:
    children = tuple(child.identity for child in family.children)
    if has_probable(by, family.parent.identity, children):
        raise NeedsConfirmation(
            "Somebody very like this is registered already. "
            "Look at them first; register only if this is somebody else."
        )


def _is_there(by: Viewer, parent_id: UUID) -> bool:
    """The same form sent again is no duplicate of itself."""
    own = Parent.ungated.filter(pk=parent_id, author_id=by.user_id)
    return own.filter(site_id__in=by.site_ids).exists()


def _rest_of_form(by: Viewer, family: NewFamily) -> None:
    key = family.parent.key
    if family.due_on is not None:
        people.record_pregnancy(
            by=by, key=uuid5(key, "pregnancy"), parent_id=key, due_on=family.due_on
        )
    if family.reach_via:
        people.change_contact(
            by=by, parent_id=key, version=1, reach_via=family.reach_via
        )


def _open(
    by: Viewer, parent_id: UUID, site_id: int, episode: NewEpisode, key: UUID
) -> None:
    check_not_future("Referral", episode.referred_on, by.today)
    check_enrolled(episode.referred_on, episode.enrolled_on)
    if episode.stage in ENDS:
        raise RuleRefused("An episode does not begin with its end.")
    _check_enrolled_for(episode.stage, episode.enrolled_on)
    columns = {
        "parent_id": parent_id,
        "referred_on": episode.referred_on,
        "enrolled_on": episode.enrolled_on,
        "stage": episode.stage.value,
        "stage_since": episode.enrolled_on or episode.referred_on,
    }
    own = provenance(by, site_id=site_id, origin=Origin.PART2)
    Episode.ungated.get_or_create(pk=key, defaults={**own, **columns})


def _check_enrolled_for(stage: Stage, enrolled_on: date | None) -> None:
    if stage not in BEFORE_ENROLMENT and enrolled_on is None:
        raise RuleRefused("This stage needs the date of enrolment first.")


def _begins(
    by: Viewer, parent_id: UUID, staff_id: UUID, *, role: Role, starts: date | None
) -> datetime:
    """The instant from which somebody is on the team: now, or an earlier midnight."""
    if starts is None or starts == by.today:
        return by.at
    check_not_future("Start", starts, by.today)
    begins = datetime.combine(starts, time(), ZoneInfo(by.zone))
    earlier = CareLink.ungated.filter(
        parent_id=parent_id, staff_id=staff_id, role=role.value, ends__gt=begins
    )
    if earlier.exists():
        raise InvalidInput(
            "Start",
            starts,
            accepted="a day after the same person left the team",
            hint="Today is fine.",
        )
    return begins


def _join(
    by: Viewer,
    parent_id: UUID,
    site_id: int,
    staff_id: UUID,
    role: Role,
    *,
    begins: datetime | None = None,
) -> None:
    """Put on the team; who is on it stays as they are."""
    same = CareLink.ungated.filter(
        parent_id=parent_id, staff_id=staff_id, role=role.value, ends=None
    )
    if not same.exists():
        CareLink.ungated.create(
            parent_id=parent_id,
            staff_id=staff_id,
            role=role.value,
            starts=begins or by.at,
            **provenance(by, site_id=site_id, origin=Origin.PART2),
        )


def _parent(by: Viewer, parent_id: UUID) -> Parent:
    # Ungated: the row's own columns are what the gate is asked with.
    rows = Parent.ungated.select_for_update().filter(site_id__in=by.site_ids)
    parent = rows.filter(pk=parent_id).first()
    if parent is None:
        raise NotFound
    return parent


def _episode(by: Viewer, episode_id: UUID) -> Episode:
    # Ungated: the row's own columns are what the gate is asked with.
    rows = Episode.ungated.select_for_update().filter(site_id__in=by.site_ids)
    episode = rows.filter(pk=episode_id).first()
    if episode is None:
        raise NotFound
    key = gate.Key(
        episode.parent_id,
        episode.origin,
        episode.origin_org_id,
        episode.author_org_id,
    )
    gate.require_write(by, PROGRAMME, key)
    return episode
