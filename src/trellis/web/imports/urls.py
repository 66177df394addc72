from __future__ import annotations

from django.urls import path, re_path

from trellis.web.imports import views


app_name = "imports"
urlpatterns = [
    path("", views.list_runs, name="list"),
    path("new/", views.new, name="new"),
    re_path(r"^template/roster\.(?P<form>csv|xlsx)$", views.template, name="template"),
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<uuid:item_id>/", views.decide, name="decide"),
    path("<uuid:run_id>/", views.run, name="run"),
    path("<uuid:run_id>/columns/", views.mapping, name="mapping"),
    path("<uuid:run_id>/confirm/", views.confirm, name="confirm"),
    path("<uuid:run_id>/discard/", views.discard, name="discard"),
    path("<uuid:run_id>/undo/", views.undo, name="undo"),
]
