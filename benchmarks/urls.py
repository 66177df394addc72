"""Every address of the product, and an empty signed-in page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from trellis.config import urls as product
from trellis.web.areas import area
from trellis.web.requests import TrellisRequest


@area("account")
def empty(request: TrellisRequest) -> HttpResponse:
    """The frame with nothing in it."""
    return render(request, "base.html")


urlpatterns = [path("empty/", empty, name="empty"), *product.urlpatterns]
handler400, handler403 = product.handler400, product.handler403
handler404, handler500 = product.handler404, product.handler500
