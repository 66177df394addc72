"""Addresses of sign-in with one click (the demo alone) and of the role switch."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from trellis.web.accounts import views


app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("role/", views.switch_role, name="switch-role"),
]

if settings.DEMO_MODE or settings.IS_TEST:
    urlpatterns.append(
        path("persona/", views.switch_persona, name="switch-persona"),
    )
