"""Headers, components and refusals of every page."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.forms import CharField, Form
from django.template.loader import render_to_string
from django.test import RequestFactory

from trellis.web import answers
from trellis.web.gallery.forms import GalleryForm
from trellis.web.middleware import CONTENT_SECURITY_POLICY
from trellis.web.navigation import page_frame


@pytest.fixture
def gallery(client):
    return client.get("/components/")


def test_every_answer_carries_the_security_headers(gallery):
    assert gallery.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert gallery.headers["Referrer-Policy"] == "same-origin"
    assert gallery.headers["X-Content-Type-Options"] == "nosniff"
    assert gallery.headers["X-Frame-Options"] == "DENY"
    assert gallery.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in gallery.headers["Permissions-Policy"]


def test_the_browser_stores_no_page(gallery):
    assert "no-store" in gallery.headers["Cache-Control"]


def test_the_policy_allows_no_inline_script_and_no_other_host():
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")


def test_no_page_holds_inline_style_script_or_handler(gallery):
    html = gallery.content.decode()
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "<style" not in html


def test_htmx_is_version_2_and_swaps_refusals(gallery):
    html = gallery.content.decode()
    assert "htmx-2.min.js" in html
    assert "&quot;" not in re.search(r"htmx-config.*", html).group()
    for setting in ('"allowEval":false', '"includeIndicatorStyles":false', "422"):
        assert setting in html


@pytest.mark.parametrize(
    "path",
    ["uswds/css/uswds.min.css", "css/trellis.css", "css/print.css", "js/forms.js"],
)
def test_each_linked_file_exists(path):
    assert finders.find(path), f"{path}: run make assets"


def test_the_page_names_its_language_and_can_be_skipped_to_its_content(gallery):
    html = gallery.content.decode()
    assert '<html lang="en' in html
    assert 'href="#main"' in html
    assert '<main id="main"' in html


def test_the_page_is_spanish_for_a_spanish_reader(client):
    html = client.get("/components/", headers={"Accept-Language": "es"}).content
    assert b'<html lang="es"' in html


def test_a_field_with_an_error_points_to_its_hint_and_its_error():
    form = GalleryForm({"weight_kg": "-4"})
    html = render_to_string("components/field.html", {"field": form["weight_kg"]})
    assert 'aria-describedby="id_weight_kg_helptext id_weight_kg_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_weight_kg_error"' in html
    assert 'id="id_weight_kg_helptext"' in html
    assert 'class="usa-input"' in html


def test_an_optional_field_says_so():
    form = GalleryForm()
    html = render_to_string("components/field.html", {"field": form["arrives_at"]})
    assert "(optional)" in html


def test_choices_are_a_fieldset_with_a_legend():
    form = GalleryForm({})
    html = render_to_string("components/radios.html", {"field": form["arrival"]})
    assert "<legend" in html
    assert html.count('type="radio"') == 3
    assert 'aria-describedby="id_arrival_error"' in html


def test_the_error_summary_links_to_each_control():
    html = render_to_string("components/error_summary.html", {"form": GalleryForm({})})
    assert 'href="#id_arrival_0"' in html
    assert 'href="#id_chosen_name"' in html
    assert 'tabindex="-1"' in html


def test_without_errors_there_is_no_summary():
    form = GalleryForm()
    html = render_to_string("components/error_summary.html", {"form": form})
    assert not html.strip()


def test_what_somebody_typed_is_shown_as_text():
    class NameForm(Form):
        name = CharField(max_length=3)

    form = NameForm({"name": "<b>x</b>"})
    html = render_to_string("components/field.html", {"field": form["name"]})
    assert "<b>" not in html


def test_the_conflict_notice_shows_both_values():
    both = {"theirs": "Late", "yours": "Absent"}
    html = render_to_string("components/conflict.html", both)
    assert "Late" in html
    assert "Absent" in html
    assert 'role="alert"' in html


def test_a_row_s_button_names_its_row_for_the_ear():
    html = render_to_string(
        "components/button.html", {"label": "Present", "context": "Ana R."}
    )
    assert '<span class="t-sr"> Ana R.</span>' in html


def test_pages_keep_the_search_and_end_at_the_last():
    context = {"number": 7, "pages": 7, "query": "q=ana"}
    html = render_to_string("components/pagination.html", context)
    assert 'href="?q=ana&amp;page=6"' in html
    assert 'rel="next"' not in html


def test_a_missing_address_answers_the_same_page_as_a_missing_record(client):
    missing = client.get("/nowhere/at/all/")
    assert missing.status_code == 404
    request = RequestFactory().get("/people/1/")
    record = answers.not_found(request)
    assert _main(missing.content) == _main(record.content)


def test_the_fault_page_stands_alone_and_shows_its_number():
    answer = answers.server_fault(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert re.search(rb"<strong>[0-9a-f]{8}</strong>", answer.content)


@pytest.mark.django_db
def test_the_synthetic_bar_stands_on_every_page_of_the_demo(client, settings):
    settings.DEMO_MODE = True
    html = client.get("/components/").content.decode()
    assert "Synthetic data" in html


def test_outside_the_demo_there_is_no_synthetic_bar(gallery):
    assert b"Synthetic data" not in gallery.content


def test_a_fragment_asks_for_no_frame(rf):
    request = rf.get("/")
    request.htmx = True
    assert set(page_frame(request)) == {"demo_mode"}


def _main(html):
    return re.search(rb"<main.*</main>", html, re.DOTALL).group()
