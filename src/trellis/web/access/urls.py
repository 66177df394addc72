"""Addresses of the access trail."""

from __future__ import annotations

from django.urls import URLPattern, path

from trellis.web.access import views


app_name = "access"
urlpatterns: list[URLPattern] = [
    path("", views.trail, name="trail"),
]
