"""One question: may this actor do this with this subject's data, now?

Ids are opaque strings. Source: privacy.md 4.4, "Request".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trellis.core.access.vocabulary import (
    Action,
    DataClass,
    Duty,
    Origin,
    Purpose,
    Relationship,
    Role,
)


class Network(StrEnum):
    """Where the request comes from; written to the audit entry."""

    SITE = "site"
    REMOTE = "remote"
    JOB = "job"
    CLI = "cli"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, in the one active role. ``medical_personnel`` rests on a licence."""

    id: str
    role: Role
    org: str
    unit: str | None = None
    medical_personnel: bool = False
    duties: frozenset[Duty] = frozenset()


@dataclass(frozen=True, slots=True)
class Environment:
    """On which device and network. A kiosk is a tablet handed to a family."""

    kiosk: bool = False
    network: Network = Network.SITE


@dataclass(frozen=True, slots=True)
class Request:
    """One question about rows of one class, one origin and one subject.

    ``recipient_org`` is the organisation that receives; None stays with the actor, or
    is a copy for the patient herself. ``at`` is the instant of the decision, with a
    time zone.
    """

    actor: Actor
    relationship: Relationship
    purpose: Purpose
    action: Action
    data_class: DataClass
    origin: Origin
    origin_org: str
    author_org: str
    subject_id: str
    at: datetime
    recipient_org: str | None = None
    environment: Environment = Environment()

    @property
    def receiving_org(self) -> str:
        """Who would hold the data afterwards."""
        return self.actor.org if self.recipient_org is None else self.recipient_org

    @property
    def is_part2(self) -> bool:
        """Whether the row came out of a 42 CFR Part 2 programme."""
        return self.origin is not Origin.HIPAA
