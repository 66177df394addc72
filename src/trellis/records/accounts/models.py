"""Who signs in, and in which role where. Opens no record by itself."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from trellis.core.access.vocabulary import DataClass, Duty, Role
from trellis.records.sites.models import IntegratedUnit, Organisation, Site


class Users(BaseUserManager["User"]):
    """Creates accounts; e-mail addresses are compared in lower case."""

    def create_user(self, email: str, password: str | None, name: str) -> "User":
        """A new account; ``password`` None makes it unable to sign in by password."""
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with an account. Staff, or a parent with her own page."""

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "id": DataClass.STAFF_TRAINING,
        "email": DataClass.STAFF_TRAINING,
        "name": DataClass.STAFF_TRAINING,
        "language": DataClass.STAFF_TRAINING,
        "is_active": DataClass.STAFF_TRAINING,
    }

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)

    objects = Users()

    def __str__(self) -> str:
        return f"user {self.pk}"


class Membership(models.Model):
    """One person in one role at one site, or at every site of the organisation.

    ``site`` None: every site of the organisation (a network's director). ``subject_id``
    is the key of the person's own parent record, for the role ``parent``.
    """

    CLASSES: ClassVar[Mapping[str, DataClass]] = {
        "user": DataClass.STAFF_TRAINING,
        "organisation": DataClass.STAFF_TRAINING,
        "site": DataClass.STAFF_TRAINING,
        "role": DataClass.STAFF_TRAINING,
        "unit": DataClass.STAFF_TRAINING,
        "integrated_unit": DataClass.STAFF_TRAINING,
        "is_programme_side": DataClass.STAFF_TRAINING,
        "is_medical_personnel": DataClass.STAFF_TRAINING,
        "duties": DataClass.STAFF_TRAINING,
        "subject_id": DataClass.ADULT_IDENTITY,
        "starts": DataClass.STAFF_TRAINING,
        "ends": DataClass.STAFF_TRAINING,
    }

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    unit = models.SlugField(max_length=40, blank=True)
    integrated_unit = models.ForeignKey(
        IntegratedUnit, on_delete=models.PROTECT, null=True, blank=True
    )
    is_programme_side = models.BooleanField(default=False)
    is_medical_personnel = models.BooleanField(default=False)
    duties = models.JSONField(default=list)  # values of Duty
    subject_id = models.UUIDField(null=True, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "site", "role", "starts"],
                name="one_membership_per_user_site_role_and_start",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=F("starts")),
                name="membership_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.PARENT.value) | Q(subject_id=None),
                name="only_a_parent_has_an_own_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} membership {self.pk}"

    @property
    def held_duties(self) -> frozenset[Duty]:
        """The duties as words of the vocabulary."""
        return frozenset(Duty(word) for word in self.duties)
