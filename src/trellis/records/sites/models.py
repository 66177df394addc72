"""Organisations, their integrated units, sites, rooms and closed days: no patient."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from trellis.core.access.vocabulary import DataClass


class Organisation(models.Model):
    """A legal body: the programme, or a partner whose staff work beside it."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "name": DataClass.CONFIGURATION,
        "kind": DataClass.CONFIGURATION,
    }

    PROGRAMME, PARTNER = "programme", "partner"

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(
        max_length=10, choices=[(PROGRAMME, "programme"), (PARTNER, "partner")]
    )

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place of care. ``neutral_name`` is the only name that ever leaves."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "organisation": DataClass.CONFIGURATION,
        "code": DataClass.CONFIGURATION,
        "name": DataClass.CONFIGURATION,
        "neutral_name": DataClass.CONFIGURATION,
        "time_zone": DataClass.CONFIGURATION,
        "state": DataClass.CONFIGURATION,
        "phone": DataClass.CONFIGURATION,
        "place": DataClass.CONFIGURATION,
        "parent_word": DataClass.CONFIGURATION,
        "gives_hepb2_at_1m": DataClass.CONFIGURATION,
    }

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="sites"
    )
    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    neutral_name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=40, default="America/New_York")
    state = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=200, blank=True)
    parent_word = models.CharField(max_length=20, default="parent")
    gives_hepb2_at_1m = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class IntegratedUnit(models.Model):
    """A unit that works as one with the programme: 42 CFR 2.12(c)(3), recorded."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "programme": DataClass.CONFIGURATION,
        "site": DataClass.CONFIGURATION,
        "unit": DataClass.CONFIGURATION,
        "starts": DataClass.CONFIGURATION,
        "ends": DataClass.CONFIGURATION,
    }

    programme = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="integrated_units"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="units")
    unit = models.SlugField(max_length=40)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "unit", "starts"],
                name="one_agreement_per_unit_and_start",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=F("starts")),
                name="agreement_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} at site {self.site_id}"


class Room(models.Model):
    """Where a session can be held."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "site": DataClass.CONFIGURATION,
        "name": DataClass.CONFIGURATION,
        "places": DataClass.CONFIGURATION,
    }

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=60)
    places = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name"], name="one_room_per_name_and_site"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClosedDay(models.Model):
    """A day on which the site holds nothing."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "site": DataClass.CONFIGURATION,
        "on": DataClass.CONFIGURATION,
        "name": DataClass.CONFIGURATION,
    }

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="closed_days")
    on = models.DateField()
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "on"], name="one_closed_day_per_site_and_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
