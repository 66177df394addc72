"""The one gate between protected rows and everything above it.

``@reads`` marks a query, ``@writes`` an operation, ``@peeks`` a poll that returns no
fact about a person. Each opens the site context of row-level security, collects whom
the call opened, and leaves its audit entries at the very end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import (
    Action,
    DataClass,
    Origin,
    Relationship,
    Role,
    View,
    Write,
)
from trellis.core.consent.consents import Consent
from trellis.core.consent.decisions import Decision, decide
from trellis.core.consent.facts import Facts
from trellis.core.consent.requests import Actor, Environment, Request
from trellis.core.errors import Conflict, NotFound
from trellis.records.audit import operations as audit
from trellis.records.audit.chain import Event


P = ParamSpec("P")
R = TypeVar("R")


class Key(NamedTuple):
    """Whose row, under which law, from where: what a decision depends on."""

    patient: UUID
    origin: str
    origin_org_id: int
    author_org_id: int


class Sight(NamedTuple):
    """How much of a class is open: ``name`` None is the whole class."""

    name: View | None


Fact = tuple[UUID, str, Any]  # patient, field of Facts or "consent", value
Source = Callable[[Viewer, frozenset[UUID]], Iterable[Fact]]
Sights = Mapping[Key, Mapping[DataClass, Sight]]

SOURCES: Final = frozenset({"care", "consent", "groups"})
NOBODY: Final = UUID(int=0)
UNIQUE_VIOLATION: Final = "23505"  # SQLSTATE
TAKEN: Final = (
    "Something with this key or number was saved by somebody else. Nothing of yours "
    "was saved. Open the page again."
)
_sources: dict[str, Source] = {}


@dataclass(slots=True)
class _Asking:
    """One marked call and everything nested in it."""

    opened: set[UUID] = field(default_factory=set)
    shown: frozenset[UUID] | None = None  # of a page cut from a longer list
    seen: set[str] = field(default_factory=set)  # "class" or "class:VIEW"
    reasons: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)
    facts: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    alike: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)  # facts, hashable
    decided: dict[tuple[Any, ...], Decision] = field(default_factory=dict)


_asking: ContextVar[_Asking | None] = ContextVar("asking", default=None)


def learn_from(area: str, source: Source) -> None:
    """Let an area above tell its facts; called once, by its AppConfig.ready()."""
    _sources[area] = source


def foresee(viewer: Viewer, patients: Iterable[UUID]) -> None:
    """Ask the facts of these patients in one go, before they are looked at in turn."""
    _learn(_current(), viewer, set(patients))


def shows_only(patients: Iterable[UUID]) -> None:
    """Name these alone in the trail: a page was cut from a longer list.

    The others were decided to count and order the list, and nothing of them is told.
    """
    _current().shown = frozenset(patients)


def look(
    viewer: Viewer,
    action: Action,
    classes: Collection[DataClass],
    keys: Collection[Key],
) -> dict[Key, dict[DataClass, Sight]]:
    """For each key, the classes that are open, each with its view.

    A key of which nothing is open is left out. Facts are asked once a call and
    patient; keys that stand alike are decided together.

    Raises:
        RuntimeError: called outside a marked call, or with a source missing.
    """
    asking = _current()
    _learn(asking, viewer, {key.patient for key in keys})
    found: dict[Key, dict[DataClass, Sight]] = {}
    for key in keys:
        facts = asking.facts.get(key.patient, {})
        opened: dict[DataClass, Sight] = {}
        for data_class in classes:
            question = _Question(viewer, action, data_class, key)
            decision = _decide(asking, question, facts)
            asking.reasons.add(decision.reasons[0])
            if decision.is_permit:
                sight = Sight(_view(decision))
                opened[data_class] = sight
                asking.seen.add(
                    f"{data_class}:{sight.name}" if sight.name else data_class.value
                )
        if opened:
            found[key] = opened
            asking.opened.add(key.patient)
    return found


def views(
    viewer: Viewer,
    action: Action,
    classes: Collection[DataClass],
    keys: Collection[Key],
) -> dict[Key, dict[DataClass, Sight]]:
    """The keys open in every class, each with its views; the others are left out."""
    needed = len(set(classes))
    seen = look(viewer, action, classes, keys)
    return {key: opened for key, opened in seen.items() if len(opened) == needed}


def require(viewer: Viewer, action: Action, data_class: DataClass, key: Key) -> Sight:
    """How much is open of this class of this patient's rows.

    Raises:
        NotFound: nothing is.
    """
    opened = views(viewer, action, [data_class], [key])
    if key not in opened:
        raise NotFound
    return opened[key][data_class]


def require_write(
    by: Viewer, data_class: DataClass, key: Key, *, narrow: Write | None = None
) -> None:
    """Return if ``by`` may write this class of this patient's rows.

    ``narrow`` names a narrow write of the matrix that suffices for the act; without it
    only the full write does.

    Raises:
        NotFound: may not.
    """
    if not writable(by, data_class, [key], narrow=narrow):
        raise NotFound


def writable(
    by: Viewer,
    data_class: DataClass,
    keys: Collection[Key],
    *,
    narrow: Write | None = None,
) -> frozenset[Key]:
    """Of the keys, those whose rows of the class ``by`` may write so."""
    asking = _current()
    _learn(asking, by, {key.patient for key in keys})
    return frozenset(
        key
        for key in keys
        if _covers(
            _decide(
                asking,
                _Question(by, Action.WRITE, data_class, key),
                asking.facts[key.patient],
            ),
            narrow,
        )
    )


def new_row(by: Viewer, patient: UUID, origin: Origin) -> Key:
    """The key of a row about to be created: the actor counts as its author."""
    return Key(patient, origin.value, by.org_id, by.org_id)


def site_sight(
    viewer: Viewer, action: Action, data_class: DataClass, **own: object
) -> Sight:
    """How much is open of a class that has no patient (group record, configuration).

    ``own`` adds facts that the caller knows, such as ``own_session`` and ``site_tz``.

    Raises:
        NotFound: nothing is.
    """
    asking = _current()
    facts = {"own_site": True, "own_programme": viewer.is_programme_side, **own}
    key = Key(viewer.user_id, Origin.HIPAA.value, viewer.org_id, viewer.org_id)
    question = _Question(viewer, action, data_class, key)
    decision = _decide(asking, question, facts)
    asking.reasons.add(decision.reasons[0])
    if not decision.is_permit:
        raise NotFound
    asking.seen.add(data_class.value)
    return Sight(_view(decision))


def note(
    by: Viewer, action: str, patients: Iterable[UUID] = (), **detail: object
) -> None:
    """Leave an audit entry ``area.action`` of the running operation: keys only."""
    subjects = tuple(sorted(str(patient) for patient in patients))
    _current().events.append(_event(by, action, subjects, dict(detail)))


def reads(action: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a query: site context, and one audit entry a call naming the patients.

    A refusal (NotFound) leaves its own entry and is raised on.
    """

    def mark(query: Callable[P, R]) -> Callable[P, R]:
        @wraps(query)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            viewer = cast("Viewer", kwargs["viewer"])
            refused: NotFound | None = None
            with _sites(viewer), _call() as asking:
                try:
                    lines = query(*args, **kwargs)
                except NotFound as refusal:
                    _ask_as_much(asking, viewer)
                    refused = refusal
                audit.append([_read_event(viewer, action, asking, refused)])
            if refused is not None:
                raise refused
            return lines

        return call

    return mark


def peeks(query: Callable[P, R]) -> Callable[P, R]:
    """Mark a poll that tells only whether something changed: no audit entry."""

    @wraps(query)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        viewer = cast("Viewer", kwargs["viewer"])
        with _sites(viewer), _call() as asking:
            try:
                return query(*args, **kwargs)
            except NotFound:
                _ask_as_much(asking, viewer)
                raise

    return call


def writes(operation: Callable[P, R]) -> Callable[P, R]:
    """Mark an operation: one transaction, site context, its audit entries at the end.

    Nested operations join the outermost one: one transaction, one chain append. A key
    that is taken (a form's, sent for something else) is a Conflict, never a fault.
    """

    @wraps(operation)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        by = cast("Viewer", kwargs["by"])
        if _asking.get() is not None:
            with transaction.atomic():
                return operation(*args, **kwargs)
        try:
            with transaction.atomic(), _sites(by), _call() as asking:
                try:
                    result = operation(*args, **kwargs)
                except NotFound:
                    _ask_as_much(asking, by)
                    raise
                audit.append(asking.events)
                return result
        except NotFound:
            name = f"{operation.__module__.split('.')[-2]}.{operation.__name__}"
            with transaction.atomic():
                audit.append([_event(by, name, (), {"refused": True})])
            raise
        except IntegrityError as clash:
            if not _is_taken(clash):
                raise
            raise Conflict(TAKEN) from clash

    return call


def _is_taken(clash: IntegrityError) -> bool:
    """Whether a row with this key stands already, not that a row is broken."""
    state = getattr(clash.__cause__, "sqlstate", None)  # PostgreSQL
    return state == UNIQUE_VIOLATION or "UNIQUE constraint failed" in str(clash)


def _current() -> _Asking:
    asking = _asking.get()
    if asking is None or _sources.keys() != SOURCES:
        raise RuntimeError("The gate answers inside @reads and @writes, fully wired.")
    return asking


@contextmanager
def _call() -> Iterator[_Asking]:
    asking = _Asking()
    token = _asking.set(asking)
    try:
        yield asking
    finally:
        _asking.reset(token)


def _ask_as_much(asking: _Asking, viewer: Viewer) -> None:
    """Let a missing record take as many statements as a forbidden one.

    Where nothing was found nobody's facts were asked; they are asked of a patient who
    does not exist, so that time and load tell nothing (privacy.md 5).
    """
    if not asking.facts and _sources.keys() == SOURCES:
        _learn(asking, viewer, {NOBODY})


def _learn(asking: _Asking, viewer: Viewer, patients: set[UUID]) -> None:
    unknown = frozenset(p for p in patients if p not in asking.facts)
    if not unknown:
        return
    for patient in unknown:
        asking.facts[patient] = {}
    for source in _sources.values():
        for patient, name, value in source(viewer, unknown):
            held = asking.facts[patient]
            if name in {"consents", "restrictions"}:
                held[name] = (*held.get(name, ()), value)
            else:
                held[name] = value
    for patient in unknown:
        asking.alike[patient] = tuple(asking.facts[patient].items())


class _Question(NamedTuple):
    viewer: Viewer
    action: Action
    data_class: DataClass
    key: Key


def _decide(asking: _Asking, question: _Question, facts: Mapping[str, Any]) -> Decision:
    viewer, action, data_class, key = question
    is_self = viewer.role is Role.PARENT and viewer.subject_id == key.patient
    consents = cast("tuple[Consent, ...]", facts.get("consents", ()))
    subject = key.patient if consents or is_self else None
    standing = asking.alike.get(key.patient) or tuple(facts.items())
    alike = (action, data_class, key[1:], is_self, subject, standing)
    known = asking.decided.get(alike)
    if known is not None:
        return known
    plain = {name: value for name, value in facts.items() if name != "consents"}
    request = Request(
        actor=_actor(viewer),
        relationship=_relationship(viewer, facts, is_self=is_self),
        purpose=viewer.purpose,
        action=action,
        data_class=data_class,
        origin=Origin(key.origin),
        origin_org=str(key.origin_org_id),
        author_org=str(key.author_org_id),
        subject_id=str(key.patient),
        recipient_org=None,
        at=viewer.at,
        environment=Environment(kiosk=viewer.is_kiosk),
    )
    answer = decide(
        request,
        Facts(programme_side=viewer.is_programme_side, **plain),
        consents,
    )
    asking.decided[alike] = answer
    return answer


def _covers(decision: Decision, narrow: Write | None) -> bool:
    if not decision.is_permit:
        return False
    if decision.view_name is None:
        return True
    return narrow is not None and narrow.value in decision.view_name.split("+")


def _actor(viewer: Viewer) -> Actor:
    return Actor(
        id=str(viewer.user_id),
        role=viewer.role,
        org=str(viewer.org_id),
        unit=viewer.unit,
        medical_personnel=viewer.is_medical_personnel,
        duties=viewer.duties,
    )


def _relationship(
    viewer: Viewer, facts: Mapping[str, Any], *, is_self: bool
) -> Relationship:
    if viewer.role is Role.PARENT:
        return Relationship.SELF if is_self else Relationship.PROXY
    if facts.get("care_team"):
        return Relationship.CARE_TEAM
    return Relationship.SAME_SITE


def _view(decision: Decision) -> View | None:
    """The named view; None for the whole class and for every kind of writing."""
    name = decision.view_name
    return View(name) if name is not None and name in View.__members__ else None


def _read_event(
    viewer: Viewer, action: str, asking: _Asking, refused: NotFound | None
) -> Event:
    detail: dict[str, Any] = {"views": sorted(asking.seen)}
    if asking.reasons:
        detail["reasons"] = sorted(asking.reasons)
    if refused is not None:
        detail["refused"] = True
    named = asking.opened if asking.shown is None else asking.opened & asking.shown
    subjects = tuple(sorted(str(patient) for patient in named))
    return _event(viewer, action, subjects, detail)


def _event(
    viewer: Viewer, action: str, subjects: tuple[str, ...], detail: dict[str, Any]
) -> Event:
    return Event(
        at=viewer.at,
        actor_id=viewer.user_id,
        role=viewer.role.value,
        purpose=viewer.purpose.value,
        action=action,
        site_ids=tuple(sorted(viewer.site_ids)),
        subjects=subjects,
        detail=detail,
    )


@contextmanager
def _sites(viewer: Viewer) -> Iterator[None]:
    """Row-level security's context, for this transaction alone (PostgreSQL)."""
    if connection.vendor != "postgresql":  # SQLite has no row-level security
        yield
        return
    literal = "{" + ",".join(str(site) for site in sorted(viewer.site_ids)) + "}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('app.site_ids', %s, true)", [literal])
        yield
