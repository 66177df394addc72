"""Who asks and who acts is said at every function that reads or writes records."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

import pytest

import trellis.records
from trellis.core.access.viewer import Viewer


# Below the gate, or before there is a viewer: each is named with its reason.
EXEMPT = {
    "trellis.records.accounts.queries": "makes the viewers",
    "trellis.records.audit.operations": "is called by the gate alone",
    "trellis.records.audit.queries": "is called by records/access alone",
}


def public_functions(*endings):
    found = []
    for module in pkgutil.walk_packages(trellis.records.__path__, "trellis.records."):
        if module.name.endswith(endings) and module.name not in EXEMPT:
            members = inspect.getmembers(import_module(module.name), inspect.isfunction)
            found += [f for _, f in members if f.__module__ == module.name]
    return [f for f in found if not f.__name__.startswith("_")]


def journeys():
    found = []
    for module in pkgutil.iter_modules(
        import_module("trellis.records.journeys").__path__, "trellis.records.journeys."
    ):
        members = inspect.getmembers(import_module(module.name), inspect.isfunction)
        found += [f for _, f in members if f.__module__ == module.name]
    return [f for f in found if not f.__name__.startswith("_")]


def named(function):
    return f"{function.__module__.removeprefix('trellis.records.')}.{function.__name__}"


# inspect.signature looks through the marks (@reads, @writes), which use functools.wraps
@pytest.mark.parametrize(
    "function", [*public_functions(".operations"), *journeys()], ids=named
)
def test_every_operation_says_by_whom(function):
    by = inspect.signature(function).parameters.get("by")
    assert by is not None, "takes no `by`"
    assert by.kind == by.KEYWORD_ONLY
    assert by.annotation in {Viewer, Viewer.__name__}
    assert by.default is by.empty


@pytest.mark.parametrize("function", public_functions(".queries"), ids=named)
def test_every_query_says_for_whom(function):
    parameters = list(inspect.signature(function).parameters.values())
    assert parameters, "takes no `viewer`"
    first = parameters[0]
    assert (first.name, first.kind) == ("viewer", first.KEYWORD_ONLY)
    assert first.annotation in {Viewer, Viewer.__name__}
    assert first.default is first.empty


@pytest.mark.parametrize(
    "function",
    [*public_functions(".operations", ".queries"), *journeys()],
    ids=named,
)
def test_every_operation_and_query_carries_the_mark_of_the_gate(function):
    assert hasattr(function, "__wrapped__"), "neither @reads, @peeks nor @writes"
