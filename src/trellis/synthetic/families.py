"""Families of one site: a participant, her children, their carers, her episodes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from trellis.core.growth.standards import Sex
from trellis.synthetic import growth, names, parameters
from trellis.synthetic.adults import Registrar
from trellis.synthetic.chance import Chance
from trellis.synthetic.entities import Child, Dyad, Episode, Parent, Pregnancy
from trellis.synthetic.episodes import Stay, episode


PRETERM_WEEKS: Final = (31, 36)
TERM_WEEKS: Final = (37, 41)
SECOND_BIRTH_DAYS: Final = (420, 900)
NOTICED_DAYS: Final = 60
DAYS_IN_MONTH: Final = 30.4375


@dataclass(frozen=True, slots=True)
class Slot:
    """A family to be: when its child is born (or due), and in which group, if any."""

    born: date
    group: int | None = None
    is_due_today: bool = False
    speaks_spanish: bool | None = None


@dataclass(slots=True, eq=False)
class Family:
    """A participant with everything that belongs to her; filled once, then read."""

    slot: Slot
    parent: Parent
    stays: list[Stay]
    carers: list[Parent] = field(default_factory=list)
    pregnancies: list[Pregnancy] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    curves: dict[UUID, growth.Curve] = field(default_factory=dict)
    dyads: list[Dyad] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)

    def is_enrolled(self, on: date) -> bool:
        """Whether she takes part in the programme on a day."""
        return any(
            stay.enrolled_on is not None
            and stay.enrolled_on <= on
            and (stay.ended_on is None or on < stay.ended_on)
            for stay in self.stays
        )

    def birth_dyad(self, child: Child) -> Dyad:
        """The dyad of the participant and her child."""
        return next(
            dyad
            for dyad in self.dyads
            if dyad.child_key == child.key and dyad.kind == "birth"
        )

    def children_of_group(self) -> list[Child]:
        """The children of the pregnancy for which the family joined its group."""
        return [
            child
            for child in self.children
            if child.pregnancy_key == self.pregnancies[0].key
        ]


def family(slot: Slot, as_of: date, registrar: Registrar, chance: Chance) -> Family:
    """One family as it stands on ``as_of``."""
    stays = _stays(slot, as_of, chance)
    parent = registrar.participant(
        birth_on=slot.born,
        registered_on=stays[0].referred_on,
        speaks_spanish=slot.speaks_spanish,
    )
    found = Family(slot, parent, stays)
    _add_pregnancy(found, slot.born, as_of, chance)
    _add_second_pregnancy(found, as_of, chance)
    _add_birth_dyads(found)
    _add_other_carer(found, as_of, registrar, chance)
    found.episodes = [
        episode(chance.key(), parent, stay, slot.born, as_of) for stay in stays
    ]
    return found


def _stays(slot: Slot, as_of: date, chance: Chance) -> list[Stay]:
    """When she was referred, enrolled, left, and perhaps came back."""
    if slot.born > as_of:
        referred = max(
            slot.born - timedelta(days=220),
            as_of - timedelta(days=chance.randint(3, 120)),
        )
        enrolled = referred + timedelta(days=chance.randint(4, 30))
        return [Stay(referred, enrolled if enrolled <= as_of else None, None, "")]
    if chance.happens(parameters.ENROLLED_PREGNANT.value):
        enrolled = slot.born - timedelta(days=chance.randint(20, 170))
    else:
        latest = 21 if slot.group is not None else 45
        enrolled = slot.born + timedelta(days=chance.randint(0, latest))
    referred = min(enrolled, as_of) - timedelta(days=chance.randint(4, 28))
    if enrolled > as_of:
        return [Stay(referred, None, None, "")]
    if slot.is_due_today:
        return [Stay(referred, enrolled, None, "")]
    return _left_and_returned(
        Stay(referred, enrolled, None, ""), enrolled, as_of, chance
    )


def _left_and_returned(
    stay: Stay, enrolled: date, as_of: date, chance: Chance
) -> list[Stay]:
    months = chance.weibullvariate(
        parameters.CONTINUITY_SCALE.value, parameters.CONTINUITY_SHAPE.value
    )
    left = enrolled + timedelta(days=max(1, round(months * DAYS_IN_MONTH)))
    if left > as_of:
        return [stay]
    reason = chance.pick(parameters.END_REASONS.shares)
    first = Stay(stay.referred_on, enrolled, left, reason)
    again = left + timedelta(days=chance.randint(30, 150))
    if again > as_of or not chance.happens(parameters.RETURNED.value):
        return [first]
    back = again + timedelta(days=chance.randint(4, 20))
    return [first, Stay(again, back if back <= as_of else None, None, "")]


def _add_pregnancy(found: Family, born: date, as_of: date, chance: Chance) -> None:
    """A pregnancy with its due date, and its children where they are born."""
    is_twins = chance.happens(parameters.TWINS.value)
    gestation = _gestation_days(is_twins, chance)
    key = chance.key()
    due = born + timedelta(days=growth.TERM_DAYS - gestation)
    if born > as_of:
        found.pregnancies.append(Pregnancy(key, found.parent.key, born, None, ()))
        return
    children = []
    for _ in range(2 if is_twins else 1):
        children.append(
            _child(found, key, born, chance, gestation=gestation, is_twin=is_twins)
        )
        found.children.append(children[-1])
    found.pregnancies.append(
        Pregnancy(
            key, found.parent.key, due, born, tuple(child.key for child in children)
        )
    )


def _gestation_days(is_twins: bool, chance: Chance) -> int:
    share = parameters.TWINS_PRETERM if is_twins else parameters.PRETERM
    first, last = PRETERM_WEEKS if chance.happens(share.value) else TERM_WEEKS
    return chance.randint(first, last) * 7 + chance.randint(0, 6)


def _child(
    found: Family,
    pregnancy: UUID,
    born: date,
    chance: Chance,
    *,
    gestation: int,
    is_twin: bool,
) -> Child:
    sex: Sex = "f" if chance.happens(parameters.GIRLS.value) else "m"
    own = growth.curve(chance, sex=sex, born=born, gestation_days=gestation)
    size = growth.size_at_birth(own)
    taken = [child.first_name for child in found.children]
    pool = [
        name
        for name in (names.GIRLS if sex == "f" else names.BOYS)
        if name not in taken
    ]
    weeks, days = divmod(gestation, 7)
    key = chance.key()
    number = found.parent.external_id.replace("P", "K", 1)
    found.curves[key] = own
    return Child(
        key=key,
        site_id=found.parent.site_id,
        external_id=f"{number}-{len(found.curves)}",
        first_name=chance.choice(pool),
        last_name=found.parent.last_name,
        born=born,
        sex=sex,
        gestation_weeks=weeks,
        gestation_days=days,
        birth_weight_g=size.weight_g,
        birth_length_mm=size.length_mm,
        birth_head_mm=size.head_mm or 0,
        pregnancy_key=pregnancy,
        is_multiple=is_twin,
        payer="private" if found.parent.payer == "private" else "medicaid",
    )


def _add_second_pregnancy(found: Family, as_of: date, chance: Chance) -> None:
    if found.slot.is_due_today or not chance.happens(parameters.SECOND_PREGNANCY.value):
        return
    born = found.slot.born + timedelta(days=chance.randint(*SECOND_BIRTH_DAYS))
    noticed = born - timedelta(days=growth.TERM_DAYS - NOTICED_DAYS)
    if found.is_enrolled(noticed) and noticed <= as_of:
        _add_pregnancy(found, born, as_of, chance)


def _add_birth_dyads(found: Family) -> None:
    chance = Chance("birth dyads", found.parent.key)
    found.dyads += [
        Dyad(
            key=chance.key(),
            parent_key=found.parent.key,
            child_key=child.key,
            kind="birth",
            starts_on=child.born,
            ends_on=None,
            may_consent=True,
            may_attend=True,
            may_be_messaged=True,
            may_see_record=True,
        )
        for child in found.children
    ]


def _add_other_carer(
    found: Family, as_of: date, registrar: Registrar, chance: Chance
) -> None:
    """Kin or foster care of the first children, running or ended."""
    children = found.children_of_group()
    starts = found.slot.born + timedelta(days=chance.randint(4, 220))
    if starts >= as_of or not chance.happens(parameters.OTHER_CARER.value):
        return
    kind = chance.pick(parameters.CARER_KIND.shares)
    ends = starts + timedelta(days=chance.randint(60, 400))
    has_ended = chance.happens(parameters.OTHER_CARER_ENDED.value) and ends <= as_of
    carer = registrar.carer(like=found.parent, registered_on=starts)
    found.carers.append(carer)
    may_consent = kind == "foster" or chance.happens(0.5)
    found.dyads += [
        Dyad(
            key=chance.key(),
            parent_key=carer.key,
            child_key=child.key,
            kind=kind,
            starts_on=starts,
            ends_on=ends if has_ended else None,
            may_consent=may_consent,
            may_attend=True,
            may_be_messaged=True,
            may_see_record=True,
        )
        for child in children
    ]
