"""Invented adults: names, ages, languages, race and ethnicity, payer, safe contact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from trellis.synthetic import names, parameters
from trellis.synthetic.chance import Chance
from trellis.synthetic.entities import Parent


YOUNGEST: Final = 18
OLDEST: Final = 44
CARER_AGES: Final = (26, 67)
DAYS_IN_YEAR: Final = 365.25
SEVERAL_RACES: Final = ("white", "black")
RACES_OF: Final = {
    "black": ("black",),
    "asian": ("asian",),
    "american_indian_alaska_native": ("american_indian_alaska_native",),
    "several": SEVERAL_RACES,
}


@dataclass(slots=True)
class Registrar:
    """Registers the adults of one site; no two share first and last name there."""

    site_id: int
    white_share: float
    chance: Chance
    taken: set[tuple[str, str]] = field(default_factory=set)
    count: int = 0

    def participant(
        self, *, birth_on: date, registered_on: date, speaks_spanish: bool | None
    ) -> Parent:
        """A parent; ``speaks_spanish`` None leaves the language to chance."""
        ethnicity, race = self._race(speaks_spanish)
        is_hispanic = ethnicity == "hispanic"
        if speaks_spanish is None:
            speaks_spanish = is_hispanic and self.chance.happens(
                parameters.SPANISH.value
            )
        years = self.chance.gauss(
            parameters.AGE_MEAN.value, parameters.AGE_SPREAD.value
        )
        years = max(YOUNGEST, min(OLDEST, years))
        return self._adult(
            born=birth_on - timedelta(days=round(years * DAYS_IN_YEAR)),
            registered_on=registered_on,
            is_hispanic=is_hispanic,
            language="es" if speaks_spanish else "en",
            ethnicity=ethnicity,
            race=race,
            is_participant=True,
        )

    def carer(self, *, like: Parent, registered_on: date) -> Parent:
        """A kin or foster carer; language and origin as the family's."""
        years = self.chance.uniform(*CARER_AGES)
        return self._adult(
            born=registered_on - timedelta(days=round(years * DAYS_IN_YEAR)),
            registered_on=registered_on,
            is_hispanic=like.ethnicity == "hispanic",
            language=like.language,
            ethnicity=like.ethnicity,
            race=like.race,
            is_participant=False,
        )

    def _adult(
        self,
        *,
        born: date,
        registered_on: date,
        is_hispanic: bool,
        language: str,
        ethnicity: str,
        race: tuple[str, ...],
        is_participant: bool,
    ) -> Parent:
        self.count += 1
        first, last = self._name(is_hispanic)
        area = names.AREA_CODES[(self.site_id + self.count // 100) % 15]
        letter = "P" if is_participant else "C"
        has_chosen = self.chance.happens(parameters.CHOSEN_NAME.value)
        mail = f"{first}.{last}.{self.site_id}".lower()
        return Parent(
            key=self.chance.key(),
            site_id=self.site_id,
            external_id=f"{letter}{self.site_id:02d}-{self.count:04d}",
            first_name=first,
            last_name=last,
            chosen_name=first[:3].rstrip("aeiou") + "i" if has_chosen else "",
            born=born,
            language=language,
            race=race,
            ethnicity=ethnicity,
            payer=self.chance.pick(parameters.PAYER.shares),
            phone=f"+1{area}55501{self.count % 100:02d}",
            email=f"{mail}@example.org",
            safe_contact=self.chance.choice(names.SAFE_CONTACT),
            registered_on=registered_on,
            is_participant=is_participant,
        )

    def _name(self, is_hispanic: bool) -> tuple[str, str]:
        firsts = names.SPANISH_FIRST if is_hispanic else names.ADULT_FIRST
        lasts = names.SPANISH_FAMILY if is_hispanic else names.FAMILY
        name = (self.chance.choice(firsts), self.chance.choice(lasts))
        while name in self.taken:
            name = (self.chance.choice(firsts), self.chance.choice(lasts))
        self.taken.add(name)
        return name

    def _race(self, speaks_spanish: bool | None) -> tuple[str, tuple[str, ...]]:
        """Ethnicity and race as the person reports them."""
        if not speaks_spanish and self.chance.happens(self.white_share):
            return "not_hispanic", ("white",)
        group = self.chance.pick(parameters.RACE_OTHERS.shares)
        if speaks_spanish or group == "hispanic":
            race = self.chance.pick(parameters.RACE_OF_HISPANIC.shares)
            return "hispanic", () if race == "declined" else (race,)
        if group == "declined":
            return "declined", ()
        return "not_hispanic", RACES_OF[group]
