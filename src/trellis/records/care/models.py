"""Who cares for whom, and each episode of care with its stage."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from trellis.core.access.vocabulary import DataClass
from trellis.records.access.models import Protected
from trellis.records.people.models import Parent


class CareLink(Protected):
    """A member of staff cares for a family, from when to when."""

    PATIENT: ClassVar[str] = "parent_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "staff_id": DataClass.PROGRAMME_RECORD,
        "role": DataClass.PROGRAMME_RECORD,
        "parent": DataClass.PROGRAMME_RECORD,
        "starts": DataClass.PROGRAMME_RECORD,
        "ends": DataClass.PROGRAMME_RECORD,
    }

    staff_id = models.UUIDField(db_index=True)
    role = models.CharField(max_length=20)
    parent = models.ForeignKey(
        Parent, on_delete=models.PROTECT, related_name="care_links"
    )
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff_id", "role", "parent", "starts"],
                name="one_care_link_per_staff_role_parent_and_start",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=F("starts")),
                name="care_link_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"care link {self.pk}"


class Episode(Protected):
    """One episode of care at a site: referral, enrolment, stage, end."""

    PATIENT: ClassVar[str] = "parent_id"
    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "parent": DataClass.PROGRAMME_RECORD,
        "referred_on": DataClass.PROGRAMME_RECORD,
        "enrolled_on": DataClass.PROGRAMME_RECORD,
        "ended_on": DataClass.PROGRAMME_RECORD,
        "end_reason": DataClass.PROGRAMME_RECORD,
        "stage": DataClass.PROGRAMME_RECORD,
        "stage_since": DataClass.PROGRAMME_RECORD,
        "import_id": DataClass.PROGRAMME_RECORD,
    }

    parent = models.ForeignKey(
        Parent, on_delete=models.PROTECT, related_name="episodes"
    )
    referred_on = models.DateField()
    enrolled_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=30, blank=True)
    stage = models.CharField(max_length=30)
    stage_since = models.DateField()
    import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "site_id", "referred_on"],
                name="one_episode_per_parent_site_and_referral",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("referred_on")),
                name="episode_ends_on_or_after_referral",
            ),
        ]

    def __str__(self) -> str:
        return f"episode {self.pk}"
