"""What the chart's pages show, made from frozen lines: rows, charts, labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from trellis.core.access.viewer import Permission
from trellis.core.groups.doses import DISEASE_OF
from trellis.core.growth.scores import Scores
from trellis.records.clinical.lines import (
    GRAMS_IN_KG,
    MM_IN_CM,
    ChildChart,
    ChildLine,
    DoseLine,
    GrowthPoint,
    MeasurementLine,
    SigningLine,
    VisitPage,
)
from trellis.records.groups.queries import LaidOutLine
from trellis.records.immunization.queries import RegistryForecastLine
from trellis.web import sentences
from trellis.web.clinical import words
from trellis.web.clinical.charts import (
    ChartPoint,
    ChartWords,
    Indicator,
    growth_chart,
)
from trellis.web.clinical.forms import (
    AddendumForm,
    DoseForm,
    MeasureForm,
    NoteForm,
)
from trellis.web.requests import TrellisRequest


INDICATORS: tuple[Indicator, ...] = ("weight", "length", "head")


def chart_page(chart: ChildChart) -> dict[str, Any]:
    """Everything on the page of a child's chart."""
    return {
        "chart": chart,
        "child": child_head(chart.child),
        "curves": curves(chart.child, chart.growth),
        "growth_rows": growth_rows(chart.child, chart.growth),
        "doses": [dose_row(dose) for dose in chart.doses],
        "visits": [
            {
                "line": line,
                "label": words.VISITS.get(line.visit, line.visit),
                "status": words.STATUS[line.status][0],
                "kind": words.STATUS[line.status][1],
            }
            for line in chart.visits
        ],
        "key": uuid4(),
    }


def visit_context(
    request: TrellisRequest, page: VisitPage, **bound: object
) -> dict[str, Any]:
    """Everything on the page of a visit; ``bound`` forms replace the fresh ones."""
    fresh: dict[str, Any] = {
        "measure_form": MeasureForm(page=page),
        "note_form": NoteForm(initial=_note(page)),
        "addendum_form": AddendumForm(initial={"key": uuid4()}),
    }
    label, kind = words.STATUS[page.status]
    return {
        "page": page,
        "child": child_head(page.child, page),
        "visit_label": words.VISITS.get(page.visit, page.visit),
        "status": label,
        "status_kind": kind,
        "may_sign": _may_sign(request),
        "measured_rows": measured_rows(page),
        "struck_out": [struck_row(m) for m in page.measurements if not m.is_current],
        "curves": curves(page.child, page.growth),
        "doses": [dose_row(dose) for dose in page.doses],
        "earlier_doses": [dose_row(dose) for dose in page.earlier_doses],
        "sections": sections(page),
        **fresh,
        **bound,
    }


def dose_form(
    request: TrellisRequest,
    page: VisitPage,
    laid_out: Sequence[LaidOutLine],
    data: QueryDict | None = None,
) -> DoseForm:
    """A fresh or bound form of one dose, with the signed-in person as its giver."""
    return DoseForm(
        page=page,
        laid_out=laid_out,
        vaccinator=getattr(request.user, "name", ""),
        data=data,
    )


def child_head(child: ChildLine, page: VisitPage | None = None) -> dict[str, Any]:
    """Name, birth date, sex and gestation as the head of a page shows them."""
    facts = [
        _("Born %(day)s") % {"day": child.born.isoformat()},
        words.age_text(child.born, page.on) if page else "",
        words.SEXES.get(child.sex or "", _("Sex not recorded")),
        words.gestation_text(child.gestation),
    ]
    return {
        "id": child.child_id,
        "name": child.full_name,
        "facts": [str(fact) for fact in facts if fact],
    }


def measured_rows(page: VisitPage) -> list[dict[str, Any]]:
    """One row each for weight, length, head and weight for length, of this visit."""
    now = page.today.scores if page.today else Scores()
    corrected = page.today.corrected if page.today else None
    last = page.before
    rows = []
    for kind, name in (("weight", "zwei"), ("length", "zlen"), ("head", "zhc")):
        line = page.current(kind)
        rows.append(
            {
                "label": words.KINDS[kind],
                "line": line,
                "value": words.value_text(kind, line.value) if line else "",
                "z": words.z_text(getattr(now, name)) if line else "–",
                "corrected": words.z_text(getattr(corrected, name))
                if corrected and line
                else "",
                "before": _before(page, kind),
            }
        )
    rows.append(
        {
            "label": _("Weight for length"),
            "line": None,
            "value": "",
            "z": words.z_text(now.zwfl),
            "corrected": "",
            "before": words.z_text(last.scores.zwfl) if last else "–",
        }
    )
    return rows


def growth_rows(
    child: ChildLine, growth: Iterable[GrowthPoint]
) -> list[dict[str, Any]]:
    """The table beneath the charts, the latest first."""
    return [
        {
            "on": point.on,
            "age": words.age_text(child.born, point.on),
            "weight": words.kg_text(point.weight_g),
            "length": words.cm_text(point.length_mm),
            "head": words.cm_text(point.head_mm),
            "zwei": words.z_text(point.scores.zwei),
            "zlen": words.z_text(point.scores.zlen),
            "zhc": words.z_text(point.scores.zhc),
            "zwfl": words.z_text(point.scores.zwfl),
            "corrected": words.z_text(point.corrected.zwei) if point.corrected else "",
        }
        for point in reversed(tuple(growth))
    ]


def curves(child: ChildLine, growth: Sequence[GrowthPoint]) -> list[dict[str, Any]]:
    """The three growth charts as SVG; none without a recorded sex or a measurement."""
    if child.sex is None:
        return []
    drawn = []
    for indicator in INDICATORS:
        points = list(_points(indicator, growth))
        if points:
            drawn.append({"name": indicator, "svg": _svg(child, indicator, points)})
    return drawn


def struck_row(line: MeasurementLine) -> dict[str, Any]:
    """A value that no longer counts, and why."""
    is_corrected = line.status == "corrected"
    return {
        "label": words.KINDS[line.kind],
        "value": words.value_text(line.kind, line.value),
        "author": line.author_name,
        "why": _("corrected") if is_corrected else line.reason,
    }


def dose_row(dose: DoseLine) -> dict[str, Any]:
    """A dose with its codes in words."""
    return {
        "line": dose,
        "name": words.dose_name(dose),
        "site": words.BODY_SITES.get(dose.body_site, ""),
        "route": words.ROUTES.get(dose.route, dose.route),
        "funding": words.FUNDING.get(dose.funding, dose.funding),
        "source": "" if dose.is_from_here else _("told by another record"),
    }


def sections(page: VisitPage) -> list[dict[str, str]]:
    """The note to read, once it takes no more changes."""
    return [
        {"title": _("History"), "text": page.note.history},
        {"title": _("Examination"), "text": page.note.examination},
        {"title": _("Assessment"), "text": page.note.assessment},
        {"title": _("Plan"), "text": page.note.plan},
    ]


def registry_rows(lines: Iterable[RegistryForecastLine]) -> list[dict[str, Any]]:
    """The forecasts of registries, each under the name of who keeps it."""
    return [
        {
            "line": line,
            "name": sentences.told(line.group or DISEASE_OF.get(line.cvx, ""))
            or f"CVX {line.cvx}",
            "keeper": line.source.partition(":")[2] or line.source,
        }
        for line in lines
    ]


def signing_context(lines: Sequence[SigningLine]) -> dict[str, Any]:
    """The list of visits that wait for a signature."""
    rows = [
        {"line": line, "label": words.VISITS.get(line.visit, line.visit)}
        for line in lines
    ]
    return {"rows": rows, "opened": sum(line.is_opened for line in lines)}


def _may_sign(request: TrellisRequest) -> bool:
    return request.viewer.may(Permission.CLINICAL_ENCOUNTER_SIGN)


def _note(page: VisitPage) -> dict[str, Any]:
    return {
        "history": page.note.history,
        "examination": page.note.examination,
        "assessment": page.note.assessment,
        "plan": page.note.plan,
        "version": page.version,
        "revision": page.revision,
    }


def _before(page: VisitPage, kind: str) -> str:
    field = {"weight": "weight_g", "length": "length_mm", "head": "head_mm"}[kind]
    for point in reversed(page.growth):
        value = getattr(point, field)
        if point.on < page.on and value is not None:
            return f"{words.value_text(kind, value)} · {point.on.isoformat()}"
    return "–"


def _points(
    indicator: Indicator, growth: Sequence[GrowthPoint]
) -> Iterable[ChartPoint]:
    for point in growth:
        value, label = _value(indicator, point)
        if value is None:
            continue
        yield ChartPoint(point.age_days, value, label)
        if point.corrected_age_days is not None and point.corrected_age_days >= 0:
            yield ChartPoint(point.corrected_age_days, value, label, is_corrected=True)


def _value(indicator: Indicator, point: GrowthPoint) -> tuple[float | None, str]:
    if indicator == "weight":
        grams = point.weight_g
        return (None if grams is None else grams / GRAMS_IN_KG), words.kg_text(grams)
    if indicator == "length":
        length = point.scores.clenhei_cm
        return length, words.cm_text(point.length_mm)
    head = point.head_mm
    return (None if head is None else head / MM_IN_CM), words.cm_text(head)


def _svg(
    child: ChildLine, indicator: Indicator, points: Sequence[ChartPoint]
) -> SafeString:
    labels = ChartWords(
        age=_("Age in months"),
        weight=_("Weight, kg"),
        length=_("Length or height, cm"),
        head=_("Head circumference, cm"),
        standard=_("WHO Child Growth Standards"),
        girls=_("girls"),
        boys=_("boys"),
        z_score=_("z-score"),
        since_birth=_("age since birth"),
        corrected=_("corrected age"),
    )
    latest = max(points, key=lambda point: point.age_days)
    description = _("%(count)s values; the latest is %(latest)s. Table beneath.") % {
        "count": len([p for p in points if not p.is_corrected]),
        "latest": latest.label,
    }
    drawing = growth_chart(
        child.sex or "f",
        indicator,
        points,
        title=f"{labels.value(indicator)}, {labels.standard}",
        description=description,
        words=labels,
        chart_id=f"growth-{indicator}",
    )
    return mark_safe(drawing)  # noqa: S308 - charts.py escapes every text
