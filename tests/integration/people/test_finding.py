"""Finding families: by name, number or birth date, and only who is open."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from tests.factories import (
    OTHER_SITE,
    TODAY,
    CareLinkFactory,
    ChildFactory,
    DyadFactory,
    GroupSessionFactory,
    ParentFactory,
    a_viewer,
)

from trellis.core.access.vocabulary import Role
from trellis.core.errors import NotFound
from trellis.records.audit.models import AuditEntry
from trellis.records.care import queries
from trellis.records.people import queries as people_queries


pytestmark = [pytest.mark.django_db, pytest.mark.both]


def a_pair(parent="Ana Núñez", child="Luz Núñez", site_id=1, **of_child):
    def names(name):
        first, last = name.split(" ", 1)
        plain = name.lower().replace("ú", "u").replace("ñ", "n").replace("'", "")
        return {"first_name": first, "last_name": last, "folded": plain}

    return DyadFactory(
        site_id=site_id,
        parent=ParentFactory(site_id=site_id, external_id="P-7", **names(parent)),
        child=ChildFactory(site_id=site_id, **names(child), **of_child),
    )


def found(text="", viewer=None, page=1):
    told = queries.families(viewer=viewer or a_viewer(), text=text, page=page)
    return [
        (line.parent_name, [kid.name for kid in line.children]) for line in told.lines
    ]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        pytest.param("ana", True, id="first name of the parent"),
        pytest.param("NUNEZ", True, id="without case and accents"),
        pytest.param("núñ", True, id="a part of a name"),
        pytest.param("luz", True, id="the child"),
        pytest.param("ana luz", True, id="parent and child"),
        pytest.param("nunez ana", True, id="the other way round"),
        pytest.param("ana vega", False, id="every word must match"),
        pytest.param("p-7", True, id="the site's own number"),
        pytest.param("2026-12-26", True, id="birth date of the child"),
        pytest.param("2026-12-27", False, id="another day"),
        pytest.param("'; drop table", False, id="signs are only signs"),
        pytest.param("%", False, id="a wildcard is a sign"),
    ],
)
def test_what_is_typed_finds_the_family(text, is_found):
    a_pair()
    assert found(text) == ([("Ana Núñez", ["Luz Núñez"])] if is_found else [])


def test_a_family_found_by_one_child_is_shown_with_every_child():
    pair = a_pair()
    sibling = ChildFactory(first_name="Sol", last_name="Núñez", folded="sol nunez")
    DyadFactory(parent=pair.parent, child=sibling)
    assert found("luz") == [("Ana Núñez", ["Luz Núñez", "Sol Núñez"])]


def test_the_chosen_name_is_the_one_shown():
    ParentFactory(
        first_name="Daniela",
        chosen_name="Dee",
        last_name="Alder",
        folded="daniela alder dee",
    )
    assert found("daniela") == [("Dee Alder", [])]


def test_another_site_is_left_out():
    a_pair(site_id=OTHER_SITE)
    assert found() == found("ana") == []


def test_a_child_without_a_caregiver_is_found_by_name():
    ChildFactory(first_name="Noor", last_name="Ali", folded="noor ali")
    nurse = a_viewer(Role.NURSE)  # the practice that recorded the child
    assert found("noor", nurse) == [("", ["Noor Ali"])]


def test_a_search_does_not_betray_a_parent_who_is_not_open():
    """At a partner's unit without agreement: the child is known, the parent is not."""
    pair = a_pair()
    CareLinkFactory(parent=pair.parent)
    nurse = replace(a_viewer(Role.NURSE, is_integrated=False), org_id=2)
    assert found("luz", nurse) == [("", ["Luz Núñez"])]
    assert found("ana", nurse) == []
    assert found("p-7", nurse) == []
    assert queries.families(viewer=nurse, text="ana").total == 0


def test_the_facilitator_sees_first_names_alone_and_finds_by_them():
    pair = a_pair(parent="Ana Vega")
    GroupSessionFactory(expects=[pair], team=[Role.FACILITATOR])
    facilitator = a_viewer(Role.FACILITATOR)
    [line] = queries.families(viewer=facilitator).lines
    assert (line.parent_name, line.parent_born, line.stage) == ("Ana", None, None)
    assert [(kid.name, kid.born, kid.age) for kid in line.children] == [
        ("Luz", None, None)
    ]
    assert found("vega", facilitator) == []
    assert found("ana", facilitator) == [("Ana", ["Luz"])]


@pytest.mark.parametrize(
    ("role", "is_linked", "expected"),
    [
        (Role.COORDINATOR, False, 1),
        (Role.DIRECTOR, False, 1),
        (Role.NURSE, False, 1),  # the practice's own rows
        (Role.CASE_MANAGER, False, 0),
        (Role.CASE_MANAGER, True, 1),
        (Role.PEER_COACH, True, 1),
        (Role.SUD_COUNSELLOR, True, 1),
        (Role.EVALUATOR_FUNDER, True, 0),
        (Role.PARENT, False, 0),
    ],
)
def test_who_finds_a_family(role, is_linked, expected):
    pair = a_pair()
    if is_linked:
        CareLinkFactory(parent=pair.parent, role=role.value)
    assert len(found(viewer=a_viewer(role))) == expected


def test_pages_hold_fifty_families_and_the_total_is_counted_after_the_gate():
    ParentFactory.create_batch(51)
    ParentFactory(site_id=OTHER_SITE)
    first = queries.families(viewer=a_viewer())
    assert (len(first.lines), first.pages, first.total) == (50, 2, 51)
    assert len(queries.families(viewer=a_viewer(), page=99).lines) == 1


def test_a_long_list_is_cut_before_it_is_read(monkeypatch):
    monkeypatch.setattr("trellis.records.care.family_list.READ_WHOLE_UP_TO", 10)
    ParentFactory.create_batch(60)
    page = queries.families(viewer=a_viewer(), page=2)
    assert (len(page.lines), page.number, page.total) == (10, 2, 60)


@pytest.mark.parametrize("text", ["", "ana"])
@pytest.mark.parametrize("families", [1, 12])
def test_the_list_takes_the_same_statements_whatever_its_size(
    django_assert_max_num_queries, families, text
):
    for n in range(families):
        DyadFactory(parent=ParentFactory(folded=f"ana{n} example"))
    # 7 and the request's own 2; PostgreSQL adds the site context and its transaction.
    limit = 7 if connection.vendor == "sqlite" else 11
    with django_assert_max_num_queries(limit):
        assert len(found(text)) == families


@pytest.mark.parametrize("text", ["", "ana", "nobody"])
@pytest.mark.parametrize("role", sorted(Role))
def test_the_list_takes_at_most_ten_statements_for_every_role(
    django_assert_max_num_queries, role, text
):
    dyad = DyadFactory(parent=ParentFactory(folded="ana example"))
    CareLinkFactory(parent=dyad.parent, role=role.value)
    GroupSessionFactory(expects=[dyad], team=[role])
    DyadFactory(
        parent=ParentFactory(enrolled=False, folded="ana kin"), child=dyad.child
    )
    subject = dyad.parent_id if role is Role.PARENT else None
    viewer = a_viewer(role, subject_id=subject)
    # 8 and the request's own 2; PostgreSQL adds the site context and its transaction.
    with django_assert_max_num_queries(8 if connection.vendor == "sqlite" else 12):
        found(text, viewer=viewer)


def test_a_form_of_another_site_s_parent_is_as_good_as_missing():
    parent = ParentFactory(site_id=OTHER_SITE)
    for key in (parent.pk, uuid4()):
        with pytest.raises(NotFound):
            people_queries.parent_record(viewer=a_viewer(), parent_id=key)


def test_a_child_s_form_is_open_whole_or_not_at_all():
    pair = a_pair()
    GroupSessionFactory(expects=[pair], team=[Role.FACILITATOR])
    record = people_queries.child_record(viewer=a_viewer(), child_id=pair.child_id)
    assert (record.name, record.born, record.may_write) == (
        "Luz Núñez",
        pair.child.born,
        True,
    )
    with pytest.raises(NotFound):
        people_queries.child_record(
            viewer=a_viewer(Role.FACILITATOR), child_id=pair.child_id
        )


def test_ended_dyads_are_not_in_the_list():
    pair = a_pair()
    DyadFactory(parent=pair.parent, ends=TODAY)
    assert found("ana") == [("Ana Núñez", ["Luz Núñez"])]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x00", id="NUL alone"),
        pytest.param("Ada\x00", id="NUL after a name"),
        pytest.param("\ud83d", id="half a sign"),
        pytest.param("x" * 10_000, id="ten thousand letters"),
        pytest.param("\u202e" + "adA", id="direction of writing"),
    ],
)
def test_whatever_is_searched_for_is_answered(text):
    DyadFactory()
    queries.families(viewer=a_viewer(), text=text)


def test_the_trail_names_the_families_of_the_page_alone(monkeypatch):
    monkeypatch.setattr("trellis.records.care.family_list.PAGE_SIZE", 2)
    dyads = DyadFactory.create_batch(3)
    page = queries.families(viewer=a_viewer())
    told = {line.parent_id for line in page.lines}
    subjects = set(AuditEntry.objects.latest("sequence").subjects)
    assert (page.total, len(told)) == (3, 2)
    assert subjects == {
        str(key)
        for dyad in dyads
        if dyad.parent_id in told
        for key in (dyad.parent_id, dyad.child_id)
    }
