"""``trellis audit verify``: what was changed, dropped, moved or cut off is found."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from tests.databases import as_owner
from tests.factories import NINE, a_viewer
from trellis.cli.anchors import append_anchor, read_anchors
from trellis.cli.main import main
from trellis.core.errors import InvalidInput
from trellis.records.access.verification import (
    CHANGED,
    CUT_OFF,
    NOT_AS_ANCHORED,
    end_of_trail,
    is_anchored,
    verify_trail,
)
from trellis.records.accounts.operations import note_sign_in
from trellis.records.audit import chain
from trellis.records.audit.models import AuditEntry


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
TRIGGERS = ("audit_entry_never_changes", "audit_entry_never_goes")


@pytest.fixture
def trail():
    """Twelve entries; their sequences."""
    for _ in range(12):
        note_sign_in(by=a_viewer())
    return list(AuditEntry.objects.order_by("sequence").values_list("pk", flat=True))


def forge(*statements):
    """Somebody with the owner's rights goes past the trigger."""
    with as_owner(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "select sql from sqlite_master where type = 'trigger' and name like "
                "'audit_entry%'"
            )
            made = [row[0] for row in cursor.fetchall()]
            for name in TRIGGERS:
                cursor.execute(f"drop trigger {name}")
        else:
            cursor.execute("alter table audit_auditentry disable trigger all")
            made = ["alter table audit_auditentry enable trigger all"]
        for statement in statements:
            cursor.execute(statement)
        for statement in made:
            cursor.execute(statement)


def verdict(anchors=None):
    return verify_trail(anchors or {}, progress=lambda _count: None)


def test_a_trail_nobody_touched_is_whole(trail):
    found = verdict()
    assert (found.checked, found.bad) == (12, None)
    assert found.end == end_of_trail()


def test_a_changed_entry_is_named_with_time_and_action(trail):
    forge(f"update audit_auditentry set role = 'director' where sequence = {trail[5]}")
    bad = verdict().bad
    assert (bad.sequence, bad.at, bad.action) == (trail[5], NINE, "accounts.sign-in")
    assert bad.why == CHANGED


def test_a_dropped_entry_is_found_at_the_one_after_it(trail):
    forge(f"delete from audit_auditentry where sequence = {trail[5]}")
    assert verdict().bad.sequence == trail[6]


def test_entries_in_another_order_are_found(trail):
    far = trail[-1] + 100
    swap = "update audit_auditentry set sequence = {} where sequence = {}"
    forge(
        swap.format(far, trail[3]),
        swap.format(trail[3], trail[4]),
        swap.format(trail[4], far),
    )
    assert verdict().bad.sequence == trail[3]


def test_a_trail_cut_off_at_its_end_is_found_by_an_anchor(trail):
    anchors = dict([end_of_trail()])
    forge(f"delete from audit_auditentry where sequence > {trail[8]}")
    assert verdict().bad is None  # the chain alone holds
    bad = verdict(anchors).bad
    assert (bad.sequence, bad.at, bad.why) == (trail[-1], None, CUT_OFF)


def test_a_chain_made_anew_by_who_holds_the_key_is_found_by_an_anchor(trail):
    anchors = dict([end_of_trail()])
    last = AuditEntry.objects.get(pk=trail[-1])
    event = chain.Event(
        at=last.at + timedelta(hours=1),
        actor_id=last.actor_id,
        role=last.role,
        purpose=last.purpose,
        action=last.action,
        site_ids=tuple(last.site_ids),
        subjects=(),
        detail=last.detail,
    )
    own = chain.link_hash(last.previous, event)
    at = event.at.strftime("%Y-%m-%d %H:%M:%S+00:00")
    if connection.vendor == "sqlite":
        at = at.removesuffix("+00:00")
    forge(
        f"update audit_auditentry set at = '{at}', own = '{own}' "
        f"where sequence = {trail[-1]}"
    )
    assert verdict().bad is None
    assert verdict(anchors).bad.why == NOT_AS_ANCHORED
    assert not is_anchored(trail[-1], anchors[trail[-1]])


def test_an_empty_trail_is_whole():
    assert verdict().checked == 0


@pytest.fixture
def installed(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("trellis.cli.installation.check_installed", lambda: None)
    return tmp_path


def test_the_command_says_whole_and_leaves_one_anchor(trail, installed, capsys):
    assert main(["audit", "verify", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["checked"], told["is_whole"], told["first_bad"]) == (12, True, None)
    assert main(["audit", "verify"]) == 0
    assert read_anchors(installed) == dict([end_of_trail()])
    lines = (installed / "audit-anchors.jsonl").read_text().splitlines()
    assert len(lines) == 1


def test_the_command_names_the_first_bad_entry_and_leaves_1(trail, installed, capsys):
    forge(f"update audit_auditentry set action = 'x' where sequence >= {trail[4]}")
    assert main(["audit", "verify"]) == 1
    assert f"Entry {trail[4]} (" in capsys.readouterr().out
    assert read_anchors(installed) == {}


def test_the_command_finds_a_trail_that_was_cut_off(trail, installed, capsys):
    assert main(["audit", "verify"]) == 0
    forge(f"delete from audit_auditentry where sequence > {trail[8]}")
    assert main(["audit", "verify", "--json"]) == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["first_bad"]["sequence"] == trail[-1]


def test_a_line_that_is_no_anchor_is_named(tmp_path):
    append_anchor(tmp_path, (3, "ab"), NINE)
    with (tmp_path / "audit-anchors.jsonl").open("a") as file:
        file.write("not an anchor\n")
    with pytest.raises(InvalidInput, match="line 2"):
        read_anchors(tmp_path)
