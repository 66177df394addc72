"""Which alternative of a cell opens it for one request (steps 6 and 7)."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from trellis.core.access.matrix import CELLS, Cell, Opening
from trellis.core.access.vocabulary import (
    Action,
    DataClass,
    Purpose,
    Role,
    Token,
    Write,
)
from trellis.core.consent.bases import (
    BASES,
    INSIDE_ONLY,
    is_emergency_open,
    serves_purpose,
)
from trellis.core.consent.consents import TOKEN_OF_KIND, Consent
from trellis.core.consent.facts import BreakGlass, Facts
from trellis.core.consent.requests import Request


Candidate = tuple[Opening, str | None]  # an alternative, and what it would open


@dataclass(frozen=True, slots=True)
class Trial:
    """One alternative to be tried, and the name of what it opens (None = all)."""

    basis: Token
    also_needed: tuple[Token, ...]
    name: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A request with all that is known about it.

    ``carrying``: for each consent token the one active consent that alone covers the
    request; of several the lowest id, so that their order never matters.
    """

    request: Request
    facts: Facts
    break_glass: BreakGlass | None
    carrying: dict[Token, str]

    def holds(self, token: Token) -> bool:
        """Whether a token of the matrix is true for the request."""
        if token in self.carrying:
            return True
        if token is Token.BTG:
            return is_emergency_open(self.break_glass, self.request)
        if token in INSIDE_ONLY and leaves_the_programme(self.request):
            return False
        basis = BASES.get(token)
        return basis is not None and basis(self.request, self.facts)


def leaves_the_programme(request: Request) -> bool:
    """Whether a Part 2 row would go to a third organisation."""
    return request.is_part2 and request.receiving_org not in (
        request.actor.org,
        request.origin_org,
    )


def carrying_consents(
    request: Request, facts: Facts, consents: Collection[Consent]
) -> dict[Token, str]:
    """The lowest id of an active covering consent, by token."""
    found: dict[Token, str] = {}
    for consent in consents:
        token = TOKEN_OF_KIND.get(consent.kind)
        if token is None or not consent.covers(request, facts):
            continue
        if not consent.standing(request.at, facts.zone):
            found[token] = min(consent.id, found.get(token, consent.id))
    return found


def first_true(
    case: Case, tried: tuple[Trial, ...], among: AbstractSet[Token] | None = None
) -> Trial | None:
    """The alternative that opens; ``among`` leaves only some bases in play."""
    for trial in tried:
        if among is not None and trial.basis not in among:
            continue
        if case.holds(trial.basis) and all(map(case.holds, trial.also_needed)):
            return trial
    return None


@cache
def trials(
    data_class: DataClass, role: Role, action: Action, purpose: Purpose
) -> tuple[Trial, ...]:
    """What may be tried in a cell for an action and a purpose, best first."""
    cell = CELLS[data_class, role]
    candidates: tuple[Candidate, ...]
    if action is Action.WRITE:
        candidates = _whole(cell) + _narrow(cell, cell.narrow_writes)
    elif action is Action.SIGN:
        signs = tuple(w for w in cell.writes if w is Write.SIGN_SCREEN)
        whole = _whole(cell) if Write.SIGN in cell.writes else ()
        candidates = whole + _narrow(cell, signs)
    else:
        candidates = tuple((o, o.view) for o in cell.openings)
    return tuple(
        Trial(opening.needed[0], opening.needed[1:], name)
        for opening, name in candidates
        if all(
            serves_purpose(token, purpose, data_class, opening.view)
            for token in opening.needed
        )
    )


def _whole(cell: Cell) -> tuple[Candidate, ...]:
    return tuple((opening, None) for opening in cell.full_write_openings)


def _narrow(cell: Cell, writes: tuple[Write, ...]) -> tuple[Candidate, ...]:
    if not writes:
        return ()
    name = "+".join(writes)
    return tuple((opening, name) for opening in cell.narrow_write_openings)
