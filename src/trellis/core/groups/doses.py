"""Giving one dose to one child: what must agree before it is written down.

Codes: body site of HL7 table 0163, route of table 0162, eligibility for the federal
Vaccines for Children programme of table 0064. Source: CDC implementation guide for
immunization messaging 2.5.1, release 1.5; the checks are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from trellis.core.errors import InvalidInput, RuleRefused
from trellis.core.groups.vaccine_products import PRODUCTS
from trellis.core.messages.vaccine_codes import is_same_vaccine


BODY_SITES: Final[dict[str, str]] = {
    "LT": "Left thigh",
    "RT": "Right thigh",
    "LA": "Left upper arm",
    "RA": "Right upper arm",
}
ROUTES: Final[dict[str, str]] = {
    "IM": "Into the muscle (IM)",
    "SC": "Under the skin (SC)",
    "PO": "By mouth (PO)",
}
FUNDING: Final[dict[str, str]] = {
    "V01": "Not eligible for VFC: private stock",
    "V02": "VFC: Medicaid",
    "V03": "VFC: uninsured",
    "V04": "VFC: American Indian or Alaska Native",
    "V05": "VFC: insurance does not cover vaccines",
}
BY_MOUTH: Final = "PO"
CVX: Final = re.compile(r"\d{2,3}")
MOST_LOT_LETTERS: Final = 30
DISEASE_OF: Final[dict[str, str]] = {p.cvx: p.disease for p in PRODUCTS}


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose about to be recorded. ``body_site`` is empty for a dose by mouth."""

    cvx: str
    product: str
    mvx: str
    lot: str
    expires_on: date
    vis_edition_on: date | None
    body_site: str
    route: str
    funding: str
    vaccinator_name: str

    def check(self, given_on: date) -> None:
        """Return if every detail is there and may be given on the day.

        Raises:
            InvalidInput: a code is not of its table, or a detail is missing.
            RuleRefused: the lot has expired.
        """
        _check_code("Vaccine", self.cvx, bool(CVX.fullmatch(self.cvx)), "a CVX code")
        _check_code("Route", self.route, self.route in ROUTES, ", ".join(ROUTES))
        _check_code("Funding", self.funding, self.funding in FUNDING, "V01 to V05")
        _check_code(
            "Body site", self.body_site, self._is_site_right(), _sites_of(self.route)
        )
        lot = self.lot.strip()
        is_lot = 0 < len(lot) <= MOST_LOT_LETTERS
        _check_code(
            "Lot",
            lot,
            is_lot,
            "1 to %(most)s letters and figures",
            most=MOST_LOT_LETTERS,
        )
        name = self.vaccinator_name.strip()
        _check_code("Vaccinator", name, bool(name), "a name")
        if self.expires_on < given_on:
            raise RuleRefused("This lot has expired. Take another one.")

    def _is_site_right(self) -> bool:
        if self.route == BY_MOUTH:
            return self.body_site == ""
        return self.body_site in BODY_SITES


def check_right_child(
    *, born: date, name_confirmed: bool, born_confirmed: date | None
) -> None:
    """Return if the child was confirmed by name and birth date.

    Raises:
        RuleRefused: not confirmed, or the birth date is another one.
    """
    if not name_confirmed or born_confirmed is None:
        raise RuleRefused("Confirm the child by name and birth date first.")
    if born_confirmed != born:
        raise RuleRefused(
            "That birth date is not this child's. Check that you have the right child."
        )


def check_not_given_today(cvx: str, given_today: Iterable[str]) -> None:
    """Return if no dose of the same vaccine stands on this day yet.

    Raises:
        RuleRefused: one does: most likely the same dose entered twice.
    """
    if any(is_same_vaccine(cvx, other) for other in given_today):
        raise RuleRefused(
            "A dose of this vaccine is already recorded for today. "
            "If that entry is wrong, void it first."
        )


def _sites_of(route: str) -> str:
    return "none, by mouth" if route == BY_MOUTH else ", ".join(BODY_SITES)


def _check_code(
    field: str, given: str, is_right: bool, accepted: str, **values: object
) -> None:
    if not is_right:
        raise InvalidInput(
            field,
            given or "nothing",
            accepted=accepted,
            hint="Choose it again.",
            **values,
        )
