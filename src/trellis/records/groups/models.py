"""Cohorts, their sessions, the families' places, and what an absence opens."""

from collections.abc import Mapping
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass
from trellis.core.errors import NotFound
from trellis.records.access.models import OfSite, Protected
from trellis.records.clinical.models import Encounter
from trellis.records.people.models import Dyad


GROUP = DataClass.GROUP_RECORD
ATTENDANCE = DataClass.COHORT_ATTENDANCE


class Cohort(OfSite):
    """A group of families with children of similar age, under a neutral name."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "name": GROUP,
        "language": GROUP,
        "places": GROUP,
        "opened_on": GROUP,
        "closed_on": GROUP,
        "version": GROUP,
    }

    name = models.CharField(max_length=60)
    language = models.CharField(max_length=8, default="en")
    places = models.PositiveSmallIntegerField(default=8)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site_id", "name"], name="one_cohort_per_name_and_site"
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=12),
                name="cohort_has_1_to_12_places",
            ),
        ]

    def __str__(self) -> str:
        return f"cohort {self.pk}"


class CohortMember(Protected):
    """A dyad belongs to a cohort, from when to when; leaving keeps the history."""

    PATIENT: ClassVar[str] = "dyad__parent_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "cohort": ATTENDANCE,
        "dyad": ATTENDANCE,
        "starts": ATTENDANCE,
        "ends": ATTENDANCE,
    }

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="members")
    dyad = models.ForeignKey(Dyad, on_delete=models.PROTECT, related_name="memberships")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "dyad"],
                condition=Q(ends=None),
                name="one_open_membership_per_cohort_and_dyad",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=F("starts")),
                name="cohort_membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"cohort member {self.pk}"


class GroupSession(OfSite):
    """One meeting of a cohort. Nobody is named in it.

    ``revision`` grows with every change any device should see. ``conflicts`` counts the
    changes that were refused because somebody else had been quicker. ``status``:
    planned, open, closed, or cancelled.
    """

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "cohort": GROUP,
        "visit": GROUP,
        "starts": GROUP,
        "ends": GROUP,
        "room": GROUP,
        "places": GROUP,
        "status": GROUP,
        "topic": GROUP,
        "agenda": GROUP,
        "circle_record": GROUP,
        "version": GROUP,
        "revision": GROUP,
        "conflicts": GROUP,
        "closed_at": GROUP,
        "closed_by_id": GROUP,
        "counts": GROUP,
    }

    PLANNED, OPEN, CLOSED = "planned", "open", "closed"
    CANCELLED = "cancelled"

    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, related_name="sessions"
    )
    visit = models.CharField(max_length=6, blank=True)  # key of core.people.visits
    starts = models.DateTimeField(db_index=True)
    ends = models.DateTimeField()
    room = models.CharField(max_length=60, blank=True)
    places = models.PositiveSmallIntegerField(default=8)
    status = models.CharField(max_length=10, default=PLANNED)
    topic = models.CharField(max_length=200, blank=True)
    agenda = models.JSONField(default=list)  # [{"minute": 0, "title": "..."}]
    circle_record = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_id = models.UUIDField(null=True, blank=True)
    counts = models.JSONField(default=dict)  # at closing: invited, came, absent ...

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="session_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "open", "closed", "cancelled"]),
                name="session_status_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False),
                name="closed_session_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["cohort", "starts"],
                condition=~Q(status="cancelled"),
                name="one_session_per_cohort_and_start",
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"

    @classmethod
    def locked(cls, by: Viewer, session_id: UUID) -> Self:
        """The session, locked until the end of the transaction. One statement.

        The lock makes arrivals, places and the revision of one session change one
        after the other; it is taken before any lock on a place.

        Raises:
            NotFound: no such session at the sites of ``by``.
        """
        rows = cls.ungated.select_for_update().filter(site_id__in=by.site_ids)
        found = rows.filter(pk=session_id).first()
        if found is None:
            raise NotFound
        return found

    def revise(self, **changes: object) -> None:
        """Write the changes and let every device see that something is new.

        One statement; the caller holds the lock.
        """
        self.revision += 1
        changes["revision"] = self.revision
        for name, value in changes.items():
            setattr(self, name, value)
        type(self).ungated.filter(pk=self.pk).update(**changes)


class SessionStaff(OfSite):
    """Who stands in the team of a session, in which role; substitutes have dates."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "session": GROUP,
        "user_id": GROUP,
        "role": GROUP,
        "starts": GROUP,
        "ends": GROUP,
    }

    session = models.ForeignKey(
        GroupSession, on_delete=models.PROTECT, related_name="team"
    )
    user_id = models.UUIDField(db_index=True)
    role = models.CharField(max_length=20)
    starts = models.DateField(null=True, blank=True)  # own dates of a substitute
    ends = models.DateField(null=True, blank=True)  # both inclusive (privacy.md 4.4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "user_id", "role"],
                name="one_team_entry_per_session_person_and_role",
            ),
        ]

    def __str__(self) -> str:
        return f"session staff {self.pk}"


class SessionVaccine(OfSite):
    """A product laid out for a session: entered once, pre-filled for each child."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "session": GROUP,
        "cvx": GROUP,
        "mvx": GROUP,
        "product": GROUP,
        "lot": GROUP,
        "expires_on": GROUP,
        "vis_edition_on": GROUP,
        "route": GROUP,
    }

    session = models.ForeignKey(
        GroupSession, on_delete=models.PROTECT, related_name="vaccines"
    )
    cvx = models.CharField(max_length=4)
    mvx = models.CharField(max_length=8, blank=True)
    product = models.CharField(max_length=80)
    lot = models.CharField(max_length=30)
    expires_on = models.DateField()
    vis_edition_on = models.DateField(null=True, blank=True)
    route = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "cvx", "lot"],
                name="one_laid_out_vaccine_per_session_product_and_lot",
            ),
        ]

    def __str__(self) -> str:
        return f"session vaccine {self.pk}"


class Place(Protected):
    """A dyad is expected at a session; whether it came; its encounter.

    ``state``: expected, arrived, late, absent, left_early. ``version`` grows with every
    change, so that nothing is overwritten silently.
    """

    PATIENT: ClassVar[str] = "dyad__parent_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "session": ATTENDANCE,
        "dyad": ATTENDANCE,
        "state": ATTENDANCE,
        "arrived_at": ATTENDANCE,
        "left_at": ATTENDANCE,
        "absence_reason": ATTENDANCE,
        "came_with": ATTENDANCE,
        "has_agreement": ATTENDANCE,
        "version": ATTENDANCE,
        "encounter": ATTENDANCE,
        "changed_by_id": ATTENDANCE,
        "changed_at": ATTENDANCE,
    }

    EXPECTED, ARRIVED, LATE, ABSENT = "expected", "arrived", "late", "absent"
    LEFT_EARLY = "left_early"

    session = models.ForeignKey(
        GroupSession, on_delete=models.PROTECT, related_name="expected"
    )
    dyad = models.ForeignKey(Dyad, on_delete=models.PROTECT, related_name="places")
    state = models.CharField(max_length=10, default=EXPECTED)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    absence_reason = models.CharField(max_length=30, blank=True)
    came_with = models.CharField(max_length=16, blank=True)  # a CaregiverKind
    has_agreement = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    encounter = models.OneToOneField(
        Encounter, on_delete=models.PROTECT, null=True, blank=True, related_name="place"
    )
    changed_by_id = models.UUIDField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "dyad"], name="one_place_per_dyad_and_session"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["expected", "arrived", "late", "absent", "left_early"]
                ),
                name="place_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=False)
                | Q(state__in=["expected", "absent"]),
                name="who_came_has_an_arrival_time",
            ),
            models.CheckConstraint(
                condition=Q(state="absent") | Q(absence_reason=""),
                name="only_an_absence_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"place {self.pk}"


class MakeUp(Protected):
    """What an absence opens: an individual visit, by its deadline."""

    PATIENT: ClassVar[str] = "place__dyad__parent_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "place": DataClass.PROGRAMME_RECORD,
        "due_by": DataClass.PROGRAMME_RECORD,
        "why_by": DataClass.PROGRAMME_RECORD,
        "state": DataClass.PROGRAMME_RECORD,
        "note": DataClass.PROGRAMME_RECORD,
        "version": DataClass.PROGRAMME_RECORD,
    }

    OPEN, BOOKED, DONE = "open", "booked", "done"

    place = models.OneToOneField(
        Place, on_delete=models.PROTECT, related_name="make_up"
    )
    due_by = models.DateField(null=True, blank=True)  # None: no window closes
    why_by = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=8, default=OPEN)
    note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "booked", "done"]),
                name="make_up_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"make-up {self.pk}"
