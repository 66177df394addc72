"""Every page in English and in Spanish: one language at a time, and no mixture."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import pytest
from django.forms import DateField
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, number_format
from tests import catalogue
from tests.factories import NINE
from tests.integration.access.walk_rules import RULES
from tests.world import a_world, browser_of

from trellis.config.settings import PACKAGE_DIR
from trellis.core.access.vocabulary import Role
from trellis.core.errors import InvalidInput, RuleRefused
from trellis.web import answers, sentences, viewers


pytestmark = pytest.mark.django_db
CATALOGUE = PACKAGE_DIR / "web/locale/es/LC_MESSAGES/django.po"
# Roles that see different pages, and the least number of pages open to each.
WHO = {
    Role.DIRECTOR: 5,
    Role.COORDINATOR: 25,
    Role.PAEDIATRICS: 20,
    Role.FACILITATOR: 5,
    Role.PARENT: 2,
}
SAID = {"aria-label", "title", "alt", "placeholder", "data-label"}
DOORS = ("/account/login/", "/account/signup/", "/no-such-page/")


class Texts(HTMLParser):
    """What a page says, in text and in attributes read out, and its language."""

    def __init__(self):
        super().__init__()
        self.said, self.language, self._quiet, self._other = [], "", 0, 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang")
        elif "lang" not in given:  # a word in its own language says so
            self.said += [given[name] for name in SAID if given.get(name)]
        self._quiet += tag in {"script", "style"}

    def handle_endtag(self, tag):
        self._quiet -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self._quiet and data.strip():
            self.said.append(data)


def texts_of(answer) -> Texts:
    page = Texts()
    page.feed(answer.content.decode())
    page.said = [" ".join(one.split()) for one in page.said]
    return page


@pytest.fixture(scope="module")
def english_only():
    """Every English text of the catalogue that is no Spanish text as well."""
    messages = catalogue.read(CATALOGUE)
    spanish = {said for one in messages for said in one.translations.values()}
    english = {text for one in messages for text in one.key[1:] if text}
    return {" ".join(one.split()) for one in english - spanish}


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(viewers, "now", lambda: NINE)
    return a_world()


def mixed(page: Texts, english_only: set[str]) -> set[str]:
    """English texts of the catalogue that the page says, alone or in a sentence."""
    sentences = [
        one for one in english_only if len(one.split()) > 3 and "%(" not in one
    ]
    everything = "\n".join(page.said)
    whole = {one for one in page.said if one in english_only}
    return whole | {one for one in sentences if one in everything}


def addresses(keys):
    """Every page with a name, as (name, address)."""
    for key, rule in RULES.items():
        method, name = key.split(" ")
        if method == "GET":
            given = {
                argument: value[1:] if value.startswith("=") else str(keys[value])
                for argument, value in rule.arguments.items()
            }
            yield name, reverse(name, kwargs=given)


@pytest.mark.parametrize(("role", "least"), WHO.items())
def test_every_page_open_to_a_role_is_spanish_throughout(
    world, english_only, role, least
):
    browser = browser_of(world.people[role])
    seen, found = 0, {}
    for name, address in addresses(world.keys):
        answer = browser.get(address, headers={"accept-language": "es"})
        if "html" not in answer.get("Content-Type", ""):
            continue
        page = texts_of(answer)
        assert page.language in {"es", ""}, name  # "": a fragment of a page
        seen += answer.status_code == 200 and len(page.said) > 5
        if words := mixed(page, english_only):
            found[name] = words
    assert seen >= least
    assert found == {}


def test_the_pages_before_signing_in_are_spanish(client, db, english_only):
    for address in DOORS:
        page = texts_of(client.get(address, headers={"accept-language": "es"}))
        assert page.language == "es"
        assert mixed(page, english_only) == set(), address


def test_the_same_pages_are_english_for_an_english_browser(world, english_only):
    browser, english = browser_of(world.people[Role.COORDINATOR]), 0
    for _, address in addresses(world.keys):
        answer = browser.get(address, headers={"accept-language": "en"})
        if "html" in answer.get("Content-Type", ""):
            page = texts_of(answer)
            assert page.language in {"en", ""}
            english += bool(mixed(page, english_only))
    assert english >= WHO[Role.COORDINATOR]  # so the search does find English


def test_the_language_chosen_on_the_page_stays(client, db):
    client.post(reverse("set_language"), {"language": "es", "next": "/account/login/"})
    page = texts_of(client.get("/account/login/", headers={"accept-language": "en"}))
    assert page.language == "es"


def test_a_refusal_with_values_is_translated_first_and_filled_in_then():
    refusal = RuleRefused(
        "This session is on %(on)s. Families are checked in on the day.", on="5"
    )
    with translation.override("es"):
        said = answers.refusal_text(refusal)
    assert said == "Esta sesión es el 5. La llegada de las familias se anota ese día."
    assert "This session is on 5." in str(refusal)


def test_a_value_that_is_not_accepted_is_named_in_spanish_and_never_translated():
    refusal = InvalidInput(
        "Places", "Weight", accepted="%(least)s to %(most)s", hint="", least=1, most=12
    )
    with translation.override("es"):
        said = answers.refusal_text(refusal)
    assert said == "Lugares: no se acepta Weight (se acepta: de 1 a 12)."
    assert str(refusal) == "Places: Weight is not accepted (1 to 12)."


def test_a_short_date_cannot_be_taken_for_another_day():
    with translation.override("es"):
        assert date_format(date(2026, 12, 4), "SHORT_DATE_FORMAT") == "4 Dic 2026"
        assert date_format(date(2026, 12, 4)) == "4 de diciembre de 2026"
        assert number_format(5.32) == "5.32"


def test_a_date_in_figures_is_read_with_the_month_first():
    with translation.override("es"):
        assert DateField().clean("12/04/2026") == date(2026, 12, 4)


def test_the_agenda_of_a_site_is_told_in_spanish_and_its_own_words_stay():
    with translation.override("es"):
        assert sentences.told("Circle") == "Círculo"
        assert sentences.told("A shared book. Turn-taking.") == (
            "Un libro compartido. Tomar turnos."
        )
        assert (
            sentences.told("Puppets from Maine. Songs") == "Puppets from Maine. Songs"
        )
        assert sentences.told("") == ""
