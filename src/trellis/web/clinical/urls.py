"""Charts and visits, below ``/children/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from trellis.web.clinical.views import charts, printing, visits


VISIT = "visits/<uuid:encounter_id>/"

app_name = "clinical"
urlpatterns: list[URLPattern] = [
    path("signing/", charts.signing, name="sign"),
    path("signing/sign/", charts.sign, name="sign-opened"),
    path(VISIT, visits.visit, name="visit"),
    path(f"{VISIT}live/", visits.live, name="live"),
    path(f"{VISIT}measure/", visits.measure, name="measure"),
    path(f"{VISIT}dose/", visits.new_dose, name="new-dose"),
    path(f"{VISIT}dose/give/", visits.dose, name="dose"),
    path(f"{VISIT}note/", visits.note, name="note"),
    path(f"{VISIT}addendum/", visits.addendum, name="addendum"),
    path(f"{VISIT}in-error/", visits.in_error, name="in-error"),
    path(f"{VISIT}summary/<str:language>/", printing.summary, name="summary"),
    path(f"{VISIT}doses/<uuid:dose_id>/void/", visits.void_dose, name="void-dose"),
    path(
        f"{VISIT}measurements/<uuid:measurement_id>/in-error/",
        visits.strike_out,
        name="strike-out",
    ),
    path("<uuid:child_id>/", charts.chart, name="chart"),
    path("<uuid:child_id>/registry/", charts.registry, name="registry"),
    path("<uuid:child_id>/begin/", charts.begin, name="begin"),
]
