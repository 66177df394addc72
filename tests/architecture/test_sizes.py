"""Size budgets: a function fits a screen, a file an afternoon, a view a glance."""

from __future__ import annotations

from tests.architecture import tree


FUNCTION_LINES = 50
FILE_LINES = 600
VIEW_LINES_P90 = 25
TEMPLATE_LINES = 120
HANDLERS = frozenset({"get", "post", "dispatch", "form_valid", "get_context_data"})


def lines_of(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_function_is_longer_than_fifty_lines():
    paths = [*tree.modules(), *(tree.ROOT / "tools").glob("*.py")]
    assert [str(f) for f in tree.functions(paths) if f.lines > FUNCTION_LINES] == []


def test_no_file_is_longer_than_six_hundred_lines():
    paths = [path for path in tree.modules() if "tables" not in path.parts]
    long = [(str(p.relative_to(tree.ROOT)), lines_of(p)) for p in paths]
    assert [entry for entry in long if entry[1] > FILE_LINES] == []


def test_nine_in_ten_views_have_at_most_twenty_five_lines():
    views = [
        function
        for function in tree.functions(tree.modules("web"))
        if (function.path.name == "views.py" or "views" in function.path.parts)
        and (function.first == "request" or function.name in HANDLERS)
    ]
    long = [str(view) for view in views if view.lines > VIEW_LINES_P90]
    assert len(long) <= len(views) / 10, long


def test_no_template_is_longer_than_a_hundred_and_twenty_lines():
    long = [(str(p.relative_to(tree.ROOT)), lines_of(p)) for p in tree.templates()]
    assert [entry for entry in long if entry[1] > TEMPLATE_LINES] == []
