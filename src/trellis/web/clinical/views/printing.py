"""What the family takes home."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from trellis.records.clinical import queries
from trellis.web.areas import area
from trellis.web.printing.documents import as_pdf, pdf_response
from trellis.web.printing.visit_summary import LANGUAGES, summary_data
from trellis.web.requests import TrellisRequest


@area("charts")
@require_GET
def summary(request: TrellisRequest, encounter_id: UUID, language: str) -> HttpResponse:
    """The visit summary as PDF, in English or Spanish."""
    if language not in LANGUAGES:
        raise Http404
    page = queries.visit_summary(viewer=request.viewer, encounter_id=encounter_id)
    data = summary_data(page, language, at=request.viewer.at)
    pdf = as_pdf("visit_summary.typ", data, at=request.viewer.at)
    return pdf_response(pdf, f"visit-summary-{page.on.isoformat()}.pdf")
