"""Vaccines for infants and toddlers in the United States, to lay out for a session.

Facts of CDC's CVX, MVX and product tables: code, maker, usual route. The edition of
the Vaccine Information Statement is left to the person who lays it out: editions change
and a wrong one on paper is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from trellis.core.errors import InvalidInput, RuleRefused


LOT_LETTERS: Final = 30


@dataclass(frozen=True, slots=True)
class VaccineProduct:
    """``route``: IM, SC or PO."""

    cvx: str
    mvx: str
    name: str
    disease: str
    route: str

    @property
    def key(self) -> str:
        """Names the product in a form."""
        return f"{self.cvx}-{self.mvx}-{self.name.replace(' ', '-').lower()}"


PRODUCTS: Final = (
    VaccineProduct("110", "SKB", "Pediarix", "DTaP, hepatitis B, polio", "IM"),
    VaccineProduct("120", "PMC", "Pentacel", "DTaP, Hib, polio", "IM"),
    VaccineProduct("146", "MSP", "Vaxelis", "DTaP, Hib, hepatitis B, polio", "IM"),
    VaccineProduct("106", "PMC", "Daptacel", "DTaP", "IM"),
    VaccineProduct("20", "SKB", "Infanrix", "DTaP", "IM"),
    VaccineProduct("08", "SKB", "Engerix-B pediatric", "Hepatitis B", "IM"),
    VaccineProduct("08", "MSD", "Recombivax HB pediatric", "Hepatitis B", "IM"),
    VaccineProduct("10", "PMC", "IPOL", "Polio", "IM"),
    VaccineProduct("48", "PMC", "ActHIB", "Hib", "IM"),
    VaccineProduct("48", "SKB", "Hiberix", "Hib", "IM"),
    VaccineProduct("49", "MSD", "PedvaxHIB", "Hib", "IM"),
    VaccineProduct("216", "PFR", "Prevnar 20", "Pneumococcal", "IM"),
    VaccineProduct("215", "MSD", "Vaxneuvance", "Pneumococcal", "IM"),
    VaccineProduct("133", "PFR", "Prevnar 13", "Pneumococcal", "IM"),
    VaccineProduct("119", "SKB", "Rotarix", "Rotavirus", "PO"),
    VaccineProduct("116", "MSD", "RotaTeq", "Rotavirus", "PO"),
    VaccineProduct("03", "MSD", "M-M-R II", "Measles, mumps, rubella", "SC"),
    VaccineProduct("03", "SKB", "Priorix", "Measles, mumps, rubella", "SC"),
    VaccineProduct("21", "MSD", "Varivax", "Chickenpox", "SC"),
    VaccineProduct("94", "MSD", "ProQuad", "MMR and chickenpox", "SC"),
    VaccineProduct("83", "SKB", "Havrix pediatric", "Hepatitis A", "IM"),
    VaccineProduct("83", "MSD", "Vaqta pediatric", "Hepatitis A", "IM"),
    VaccineProduct("140", "PMC", "Fluzone", "Influenza", "IM"),
    VaccineProduct("140", "SKB", "Fluarix", "Influenza", "IM"),
)
ROTAVIRUS_CVX: Final = frozenset({"74", "116", "119", "122"})


def product_of(key: str) -> VaccineProduct:
    """The product by its key.

    Raises:
        InvalidInput: there is no such product.
    """
    for product in PRODUCTS:
        if product.key == key:
            return product
    raise InvalidInput(
        "Product", key or "nothing", accepted="one of the list", hint="Choose one."
    )


def check_may_lay_out(
    lot: str, expires_on: date, session_on: date, vis_edition_on: date | None
) -> None:
    """Return if this lot may be used on the session's date.

    Raises:
        InvalidInput: no lot number, or one that is too long.
        RuleRefused: it expires before the session, or the information statement is of
            a later date than the session.
    """
    if not lot.strip() or len(lot) > LOT_LETTERS:
        raise InvalidInput(
            "Lot",
            lot or "nothing",
            accepted="1 to %(most)s letters and figures",
            hint="It is printed on the vial and on the box.",
            most=LOT_LETTERS,
        )
    if expires_on < session_on:
        raise RuleRefused(
            "This lot expires on %(expires)s, before the session on %(on)s. "
            "Lay out another one.",
            expires=expires_on,
            on=session_on,
        )
    if vis_edition_on is not None and vis_edition_on > session_on:
        raise RuleRefused(
            "The information sheet is dated %(dated)s, after the session. "
            "Check the date printed at its foot.",
            dated=vis_edition_on,
        )
