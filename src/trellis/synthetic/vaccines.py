"""A simple vaccine schedule for the demo: what a visit gives, with catching up.

This is not the forecast of the product (``trellis.core.immunization``): a demo needs
histories that look like those of a clinic, and the forecast must be able to judge them
without having made them. Ages and intervals are those of the CDC schedule, rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from trellis.core.dates import add_months_clamped
from trellis.synthetic import parameters
from trellis.synthetic.chance import Chance
from trellis.synthetic.entities import Child, Dose, Encounter, VaccineLot


PUBLIC: Final = "V02"
PRIVATE: Final = "V01"
LOT_DAYS: Final = 180
LOT_LIFE_DAYS: Final = 420
INFLUENZA: Final = "140"
INFLUENZA_MONTHS: Final = (9, 10, 11, 12, 1, 2, 3)
INFLUENZA_OPENS: Final = 9
INFLUENZA_INTERVAL_DAYS: Final = 28
INFLUENZA_FIRST_SEASON_DOSES: Final = 2


@dataclass(frozen=True, slots=True)
class Product:
    """A vaccine in stock: CVX and MVX codes, proprietary name, route, lot letters."""

    cvx: str
    name: str
    mvx: str
    route: str
    lot_letters: str


@dataclass(frozen=True, slots=True)
class Series:
    """Ages from which each dose is given, the gap before it, and the last ages.

    Ages in days, or in months where the schedule counts months; ``gap_days`` to the
    dose before; ``latest`` the last day of age (or months) for each dose.
    """

    cvx: str
    from_days: tuple[int, ...] = ()
    from_months: tuple[int, ...] = ()
    gap_days: tuple[int, ...] = ()
    latest_days: int | None = None


PRODUCTS: Final = (
    Product("08", "Engerix-B", "SKB", "IM", "HB"),
    Product("120", "Pentacel", "PMC", "IM", "PT"),
    Product("216", "Prevnar 20", "PFR", "IM", "PV"),
    Product("119", "Rotarix", "SKB", "PO", "RX"),
    Product("03", "M-M-R II", "MSD", "SC", "MR"),
    Product("21", "Varivax", "MSD", "SC", "VX"),
    Product("83", "Havrix", "SKB", "IM", "HX"),
    Product(INFLUENZA, "Fluzone", "PMC", "IM", "FZ"),
)
BY_CVX: Final = {product.cvx: product for product in PRODUCTS}
SERIES: Final = (
    Series("08", from_days=(0, 28, 168), gap_days=(0, 28, 56)),
    Series("120", from_days=(42, 70, 98), from_months=(15,), gap_days=(0, 28, 28, 184)),
    Series("216", from_days=(42, 70, 98), from_months=(12,), gap_days=(0, 28, 28, 56)),
    Series("119", from_days=(42, 70), gap_days=(0, 28), latest_days=104),
    Series("03", from_months=(12,), gap_days=(0,)),
    Series("21", from_months=(12,), gap_days=(0,)),
    Series("83", from_months=(12, 18), gap_days=(0, 184)),
)
ARM_FROM_DAYS: Final = 365
ROTAVIRUS_LAST_MONTHS: Final = 8
INFLUENZA_FROM_MONTHS: Final = 6


def lots(
    site_id: int, first: date, as_of: date, chance: Chance
) -> tuple[VaccineLot, ...]:
    """Lots received half-yearly, public and private, good beyond the as-of day."""
    received = [
        as_of - timedelta(days=60 + LOT_DAYS * back)
        for back in reversed(range((as_of - first).days // LOT_DAYS + 2))
    ]
    return tuple(
        VaccineLot(
            key=chance.key(),
            site_id=site_id,
            cvx=product.cvx,
            product=product.name,
            mvx=product.mvx,
            lot=f"{product.lot_letters}{chance.randint(10_000, 99_999)}",
            received_on=on,
            expires_on=on + timedelta(days=LOT_LIFE_DAYS),
            route=product.route,
            funding=funding,
            vis_edition_on=parameters.SHEET_EDITIONS.get(product.cvx),
        )
        for on in received
        for product in PRODUCTS
        for funding in (PUBLIC, PRIVATE)
    )


@dataclass(slots=True)
class Refrigerator:
    """Finds the lot in use on a day."""

    by_kind: dict[tuple[str, str], tuple[VaccineLot, ...]]

    def lot(self, cvx: str, funding: str, on: date) -> VaccineLot:
        """The latest lot received by that day (the first one before that)."""
        stock = self.by_kind[cvx, funding]
        received = [lot for lot in stock if lot.received_on <= on]
        return received[-1] if received else stock[0]


def refrigerator(stock: tuple[VaccineLot, ...]) -> Refrigerator:
    """Lots by vaccine and funding, oldest first."""
    by_kind: dict[tuple[str, str], list[VaccineLot]] = {}
    for lot in stock:
        by_kind.setdefault((lot.cvx, lot.funding), []).append(lot)
    return Refrigerator({kind: tuple(found) for kind, found in by_kind.items()})


def birth_dose(child: Child, chance: Chance) -> Dose | None:
    """The hepatitis B dose of the hospital, recorded as given elsewhere."""
    if not chance.happens(parameters.BIRTH_DOSE.value):
        return None
    return Dose(
        key=chance.key(),
        child_key=child.key,
        encounter_key=None,
        lot_key=None,
        on=child.born + timedelta(days=1),
        cvx="08",
        product="",
        mvx="",
        lot="",
        expires_on=None,
        body_site="",
        route="IM",
        funding="",
        vis_edition_on=None,
        vaccinator_key=None,
        is_given_elsewhere=True,
    )


def due_at(born: date, on: date, given: dict[str, list[date]]) -> list[str]:
    """CVX codes of what the simple schedule gives on a day, by what was given."""
    due = [row.cvx for row in SERIES if _is_due(row, born, on, given.get(row.cvx, []))]
    if _is_influenza_due(born, on, given.get(INFLUENZA, [])):
        due.append(INFLUENZA)
    return due


def doses_at(
    child: Child,
    encounter: Encounter,
    given: dict[str, list[date]],
    stock: Refrigerator,
    chance: Chance,
) -> list[Dose]:
    """The doses given at a visit; adds them to ``given``."""
    on = encounter.on
    accepted = [
        cvx
        for cvx in due_at(child.born, on, given)
        if chance.happens(parameters.DOSE_ACCEPTED.value)
    ]
    funding = PUBLIC if child.payer != "private" else PRIVATE
    is_arm = (on - child.born).days >= ARM_FROM_DAYS
    doses = []
    for place, cvx in enumerate(accepted):
        lot = stock.lot(cvx, funding, on)
        given.setdefault(cvx, []).append(on)
        doses.append(
            _dose(child, encounter, lot, _body_site(lot, place, is_arm), chance)
        )
    return doses


def _dose(
    child: Child, encounter: Encounter, lot: VaccineLot, body_site: str, chance: Chance
) -> Dose:
    return Dose(
        key=chance.key(),
        child_key=child.key,
        encounter_key=encounter.key,
        lot_key=lot.key,
        on=encounter.on,
        cvx=lot.cvx,
        product=lot.product,
        mvx=lot.mvx,
        lot=lot.lot,
        expires_on=lot.expires_on,
        body_site=body_site,
        route=lot.route,
        funding=lot.funding,
        vis_edition_on=_sheet(lot, encounter.on),
        vaccinator_key=encounter.nurse_key,
        is_given_elsewhere=False,
    )


def _sheet(lot: VaccineLot, on: date) -> date | None:
    """The edition handed out on a day: none before there was one."""
    edition = lot.vis_edition_on
    return edition if edition is not None and edition <= on else None


def _body_site(lot: VaccineLot, place: int, is_arm: bool) -> str:
    if lot.route == "PO":
        return ""
    return ("LA", "RA")[place % 2] if is_arm else ("LT", "RT")[place % 2]


def _is_due(row: Series, born: date, on: date, given: list[date]) -> bool:
    number = len(given)
    if number >= len(row.gap_days):
        return False
    if number < len(row.from_days):
        opens = born + timedelta(days=row.from_days[number])
    else:
        opens = add_months_clamped(born, row.from_months[number - len(row.from_days)])
    if given:
        opens = max(opens, given[-1] + timedelta(days=row.gap_days[number]))
    return opens <= on and not _is_too_late(row, born, on, number)


def _is_too_late(row: Series, born: date, on: date, number: int) -> bool:
    if row.latest_days is None:
        return False
    if number == 0:
        return (on - born).days > row.latest_days
    return on > add_months_clamped(born, ROTAVIRUS_LAST_MONTHS)


def _is_influenza_due(born: date, on: date, given: list[date]) -> bool:
    if on.month not in INFLUENZA_MONTHS:
        return False
    if on < add_months_clamped(born, INFLUENZA_FROM_MONTHS):
        return False
    if not given:
        return True
    gap = (on - given[-1]).days
    opened = on.year if on.month >= INFLUENZA_OPENS else on.year - 1
    starts = date(opened, INFLUENZA_OPENS, 1)
    is_new_season = given[-1] < starts
    is_second = len(given) < INFLUENZA_FIRST_SEASON_DOSES
    return gap >= INFLUENZA_INTERVAL_DAYS and (is_new_season or is_second)
