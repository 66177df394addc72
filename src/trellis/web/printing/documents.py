"""Printed pages as tagged PDF (PDF/UA-1), by Typst.

Data travels as JSON beside the template and is read there as data: nothing that people
typed is ever part of the source. Fonts are those inside the typst package, so that the
same page looks the same on every machine; a missing one is a fault, not a silent
replacement.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpResponse

from trellis.core.errors import RuleRefused


TEMPLATES = Path(__file__).parent / "templates"
LETTERS_MISSING = "could not be displayed with font"


class WrongTypesetting(Exception):
    """Typst had something to warn about: a bug of ours, never shown as a page."""


def as_pdf(template: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """The document as PDF/UA-1; the same data at the same instant, the same bytes.

    A name in letters that the fonts inside lack is set in a font of this machine.

    Raises:
        WrongTypesetting: Typst warned, for instance of a font that is not there.
        RuleRefused: no font here has the letters of a name.
    """
    import typst  # 30 MB of compiler: only where something is printed

    try:
        return _typeset(template, data, at, is_own_fonts=True)
    except typst.TypstError as first:
        if LETTERS_MISSING not in str(first):
            raise
    try:
        return _typeset(template, data, at, is_own_fonts=False)
    except typst.TypstError as second:
        if LETTERS_MISSING not in str(second):
            raise
        raise RuleRefused(
            "A name here has letters for which this server has no font. Print the "
            "page of the visit with your browser instead."
        ) from second


def _typeset(
    template: str, data: dict[str, Any], at: datetime, *, is_own_fonts: bool
) -> bytes:
    import typst

    pdf, warnings = typst.compile_with_warnings(
        TEMPLATES / template,
        root=TEMPLATES,
        ignore_system_fonts=is_own_fonts,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=at.replace(microsecond=0),  # typst takes whole seconds
        format="pdf",
    )
    if warnings:
        raise WrongTypesetting("; ".join(str(warning) for warning in warnings))
    return bytes(pdf)


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """The PDF to look at in the browser, under a neutral file name."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
