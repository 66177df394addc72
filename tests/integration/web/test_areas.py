"""Deny by default, and 403 only for an area that a role never has."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from trellis.core.access.vocabulary import Role
from trellis.core.errors import (
    AreaClosed,
    Conflict,
    InvalidInput,
    NotFound,
    SessionFull,
)
from trellis.web.accounts.second_factor import PERSONA
from trellis.web.areas import ROLES_OF, Area, area, mark_of, public
from trellis.web.middleware import AreaMarkMiddleware, domain_answer
from trellis.web.navigation import entries


CLOSED = {
    Area.TODAY: set(),
    Area.ACCOUNT: set(),
    Area.PEOPLE: {Role.EVALUATOR_FUNDER},
    Area.CHARTS: {Role.DIRECTOR, Role.EVALUATOR_FUNDER},
    Area.GROUPS: {Role.EVALUATOR_FUNDER},
    Area.IMPORTS: set(Role) - {Role.COORDINATOR, Role.CASE_MANAGER},
    Area.ACCESS_TRAIL: set(Role) - {Role.DIRECTOR, Role.PARENT},
}


def unmarked(request):
    return HttpResponse("open")


@area("charts")
def chart(request):
    return HttpResponse("chart")


@area("groups", roles=frozenset({Role.COORDINATOR}))
def close_session(request):
    return HttpResponse("closed")


@public
def door(request):
    return HttpResponse("door")


def answer_to(role, view, *, htmx=False):
    """What the entrance says; None lets the request through."""
    request = RequestFactory().get("/somewhere/?week=3")
    request.htmx = htmx
    request.session = {PERSONA: True}
    request.user = SimpleNamespace(is_authenticated=role is not None, name="Sam T.")
    if role is not None:
        request.viewer = SimpleNamespace(
            role=role, at=None, may=lambda permission: False
        )
    return AreaMarkMiddleware(lambda _: None).process_view(request, view, (), {})


@pytest.fixture(autouse=True)
def bare_frame(monkeypatch):
    """The refusal's frame would ask for memberships; here only the status counts."""
    monkeypatch.setattr("trellis.web.navigation._frame", lambda *_: {})


@pytest.mark.parametrize("entered", Area)
def test_an_area_is_closed_to_the_roles_the_matrix_gives_nothing(entered):
    assert set(Role) - ROLES_OF[entered] == CLOSED[entered]


def test_a_view_without_a_mark_is_refused():
    with pytest.raises(ImproperlyConfigured, match="no area mark"):
        answer_to(Role.COORDINATOR, unmarked)


def test_in_production_a_view_without_a_mark_is_closed(monkeypatch):
    production = SimpleNamespace(IS_TEST=False)
    monkeypatch.setattr("trellis.web.middleware.settings", production)
    assert answer_to(Role.COORDINATOR, unmarked).status_code == 403


def test_a_stranger_is_sent_to_sign_in_and_comes_back():
    answer = answer_to(None, chart)
    assert answer.status_code == 302
    assert "next=/somewhere/%3Fweek%3D3" in answer["Location"]


def test_a_stranger_s_fragment_reloads_the_page():
    assert answer_to(None, chart, htmx=True)["HX-Refresh"] == "true"


def test_a_public_view_is_open_to_anybody():
    assert answer_to(None, door) is None


def test_a_role_outside_the_area_gets_403():
    assert answer_to(Role.DIRECTOR, chart).status_code == 403
    assert answer_to(Role.NURSE, chart) is None


def test_a_view_may_narrow_its_area():
    assert answer_to(Role.NURSE, close_session).status_code == 403
    assert answer_to(Role.COORDINATOR, close_session) is None


def test_an_account_without_a_membership_enters_nowhere():
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=True, name="Sam T.")
    request.viewer = None
    entrance = AreaMarkMiddleware(lambda _: None)
    assert entrance.process_view(request, chart, (), {}).status_code == 403


def test_a_mark_never_widens_its_area():
    with pytest.raises(ValueError, match="closed to some"):
        area("charts", roles=frozenset({Role.DIRECTOR}))


def test_the_mark_survives_other_decorators():
    from django.views.decorators.http import require_GET

    assert mark_of(require_GET(chart)) == mark_of(chart)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("weight", "x", accepted="kg", hint="Correct it."), 422),
        (SessionFull("Every place is taken."), 409),
        (Conflict("Somebody saved first.", current="late"), 409),
        (AreaClosed("closed"), 403),
        (NotFound(), 404),
    ],
)
def test_each_error_has_its_status(error, status):
    assert domain_answer(RequestFactory().get("/"), error).status_code == status


def test_a_refusal_never_replaces_the_list_it_came_from():
    request = RequestFactory().post("/")
    request.htmx = True
    answer = domain_answer(request, SessionFull("Every place is taken."))
    assert answer["HX-Retarget"] == "#page-notice"
    assert b"Every place is taken." in answer.content
    assert b"<html" not in answer.content


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.COORDINATOR, ["Today", "People", "Groups"]),
        (Role.FACILITATOR, ["Today", "Groups"]),
        (Role.EVALUATOR_FUNDER, ["Today"]),
        (Role.PARENT, ["Today"]),
    ],
)
def test_the_navigation_shows_what_the_role_has(role, labels):
    viewer = SimpleNamespace(role=role, may=lambda permission: False)
    assert [str(entry.label) for entry in entries(viewer, "/")] == labels


def test_the_area_one_is_in_is_marked():
    viewer = SimpleNamespace(role=Role.NURSE, may=lambda permission: True)
    current = [e.label for e in entries(viewer, "/children/7/") if e.is_current]
    assert [str(label) for label in current] == ["People"]
