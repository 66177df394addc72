"""Records hold rows: nothing happens unseen, and nothing passes the gate."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps
from tests.architecture import tree

from trellis.core.access.vocabulary import DataClass


# and the one bulk writer, which makes the rows that it reads (fill_network.py)
MAY_READ_UNGATED = frozenset(
    {"operations.py", "facts.py", "models.py", "fill_network.py"}
)
TABLES = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("trellis.records.")
]
CLASSED = [
    pytest.param(model, id=model._meta.label)
    for model in TABLES
    if hasattr(model, "CLASSES") or hasattr(model, "ungated")
]
PROTECTED = [
    pytest.param(model, id=model._meta.label)
    for model in TABLES
    if hasattr(model, "ungated")
]
# Tables with no fact about a family: the trail (keys only) and the staff's accounts.
WITHOUT_CLASSES = frozenset({"audit", "accounts"})


def own_fields(model):
    """Fields the table declares itself, without those of its abstract bases."""
    inherited = {
        field.name
        for base in model.__mro__[1:]
        if getattr(getattr(base, "_meta", None), "abstract", False)
        for field in base._meta.local_fields
    }
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    own = (field for field in fields if not field.auto_created)
    return sorted(field.name for field in own if field.name not in inherited)


def test_only_the_trail_and_the_accounts_have_tables_without_data_classes():
    without = {m._meta.app_label for m in TABLES if not hasattr(m, "CLASSES")}
    assert without <= WITHOUT_CLASSES


@pytest.mark.parametrize("model", CLASSED)
def test_every_protected_field_has_one_data_class(model):
    assert sorted(model.CLASSES) == own_fields(model)
    assert all(isinstance(value, DataClass) for value in model.CLASSES.values())


@pytest.mark.parametrize("model", PROTECTED)
def test_protected_tables_have_no_open_manager(model):
    assert not hasattr(model, "objects")
    with pytest.raises(RuntimeError):
        model._default_manager.get_queryset()


def test_ungated_rows_are_read_by_operations_and_facts_only():
    found = [
        tree.at(path, line)
        for path in tree.modules()
        if path.name not in MAY_READ_UNGATED
        and "models" not in path.parts
        and not path.is_relative_to(tree.PACKAGE / "records" / "access")
        for line, name in tree.attributes(path)
        if name == "ungated"
    ]
    assert found == []


def test_ungated_rows_are_never_read_above_the_records():
    found = [
        tree.at(path, line)
        for path in tree.modules("web", "fhir", "iis", "cli", "config")
        for line, name in tree.attributes(path)
        if name in {"ungated", "objects"}
    ]
    assert found == []


def test_queries_take_columns_not_rows_with_their_relations():
    # A manager does not stop `place.dyad.parent`; accounts hold no protected table.
    accounts = tree.PACKAGE / "records" / "accounts"
    found = [
        tree.at(path, line)
        for path in tree.modules("records")
        if (path.name == "queries.py" or "queries" in path.parts)
        and not path.is_relative_to(accounts)
        for line, name in tree.attributes(path)
        if name in {"select_related", "prefetch_related"}
    ]
    assert found == []


def test_no_table_overrides_save_or_delete():
    found = [
        tree.at(path, node.lineno)
        for path in tree.modules("records")
        for node in ast.walk(tree.syntax(path))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert found == []


def test_no_signal_has_a_receiver_of_ours():
    found = [
        tree.at(path, line)
        for path in tree.modules("records")
        for line, name in tree.imports(path)
        if "signals" in name or name.startswith("django.dispatch")
    ]
    assert found == []
