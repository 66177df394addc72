"""Addresses of Today, the first page of everybody."""

from __future__ import annotations

from django.urls import URLPattern, path

from trellis.web.today import views


app_name = "today"
urlpatterns: list[URLPattern] = [
    path("", views.today, name="today"),
    path("tour/", views.tour_step, name="tour"),
]
