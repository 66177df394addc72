"""What may open which class of data for which role, read once from cells.py.

``unlocked_by``: alternatives joined by ``|``, conditions by ``+``, ``:VIEW`` for a
part of the class. ``write``: values joined by ``+``. Source: privacy.md 3.2 to 3.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from trellis.core.access.cells import ROWS
from trellis.core.access.vocabulary import DataClass, Role, Token, View, Write


NEVER: Final = "—"
OWN: Final = "O"
CONSENT_TOKENS: Final = frozenset({Token.TPO, Token.SPECIFIC, Token.COUNSELLING})
# These bases let somebody look; nobody writes in another's record because of them.
READ_ONLY_TOKENS: Final = CONSENT_TOKENS | {Token.BTG}
# Which basis is cited where several open the same part: a consent, because of its
# duties of notice and ledger; then the order of step 7 of privacy.md 4.3.
CITED_FIRST: Final = (
    frozenset({Token.TPO, Token.SPECIFIC, Token.COUNSELLING}),
    frozenset({Token.CARE_TEAM}),
    frozenset({Token.INTEGRATED}),
    frozenset({Token.AUTHOR, Token.AUTHOR_ORG}),
    frozenset({Token.SELF}),
    frozenset({Token.BTG}),
    frozenset({Token.AGREEMENT_2_53}),
)


@dataclass(frozen=True, slots=True)
class Opening:
    """One alternative: every token needed, and the part it opens (None = all)."""

    needed: tuple[Token, ...]
    view: View | None = None

    @property
    def basis(self) -> Token:
        """The token that is cited as the reason."""
        return self.needed[0]


@dataclass(frozen=True, slots=True)
class Cell:
    """One role before one class of data.

    ``openings`` stand in the order in which they are tried: the whole class before a
    view, views as the table has them, and within a view as ``CITED_FIRST`` says.
    """

    data_class: DataClass
    role: Role
    default: str
    unlocked_by: str
    note: str
    write: str
    openings: tuple[Opening, ...]
    writes: tuple[Write, ...]

    @property
    def is_own(self) -> bool:
        """Whether the role reaches only its own record here."""
        return self.default == OWN

    @property
    def is_never(self) -> bool:
        """Whether nothing at all opens the cell."""
        return not self.openings

    @property
    def narrow_writes(self) -> tuple[Write, ...]:
        """The writes that reach one thing only, in the order of the table."""
        return tuple(w for w in self.writes if w not in (Write.FULL, Write.SIGN))

    @property
    def full_write_openings(self) -> tuple[Opening, ...]:
        """The alternatives under which the whole class may be written or signed."""
        if Write.FULL not in self.writes:
            return ()
        whole = tuple(
            opening
            for opening in self.openings
            if opening.view is None and opening.basis not in READ_ONLY_TOKENS
        )
        # A facilitator reads earlier sessions of the site and writes in the own one.
        own = tuple(o for o in whole if o.basis is Token.OWN_SESSION)
        return own or whole

    @property
    def narrow_write_openings(self) -> tuple[Opening, ...]:
        """The alternatives under which a narrow write is possible."""
        return tuple(o for o in self.openings if o.basis is not Token.BTG)


def parse_unlocked_by(text: str) -> tuple[Opening, ...]:
    """The alternatives of a cell, in the order of the table; ``NONE`` has none.

    Raises:
        ValueError: a word is neither a token nor a view.
    """
    if text == "NONE":
        return ()
    openings = []
    for alternative in text.split("|"):
        tokens, _, view = alternative.partition(":")
        needed = tuple(Token(token) for token in tokens.split("+"))
        openings.append(Opening(needed, View(view) if view else None))
    return tuple(openings)


def parse_write(text: str) -> tuple[Write, ...]:
    """The writes of a cell, in the order of the table; ``NONE`` has none.

    Raises:
        ValueError: a word is not a kind of write.
    """
    return () if text == "NONE" else tuple(Write(word) for word in text.split("+"))


def in_order_of_trial(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    """The whole class first, then views left to right; within each, whom to cite."""
    views = list(dict.fromkeys(opening.view for opening in openings))
    views.sort(key=lambda view: view is not None)
    return tuple(
        opening
        for view in views
        for opening in sorted(
            (o for o in openings if o.view is view), key=_place_of_citation
        )
    )


def _place_of_citation(opening: Opening) -> int:
    places = (i for i, group in enumerate(CITED_FIRST) if opening.basis in group)
    return next(places, len(CITED_FIRST))


def _cells() -> Mapping[tuple[DataClass, Role], Cell]:
    cells = {}
    for class_name, role_name, default, unlocked_by, note, write in ROWS:
        key = (DataClass(class_name), Role(role_name))
        cells[key] = Cell(
            *key,
            default=default,
            unlocked_by=unlocked_by,
            note=note,
            write=write,
            openings=in_order_of_trial(parse_unlocked_by(unlocked_by)),
            writes=parse_write(write),
        )
    return MappingProxyType(cells)


CELLS: Final[Mapping[tuple[DataClass, Role], Cell]] = _cells()
