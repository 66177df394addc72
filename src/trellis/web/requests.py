"""The request type our views take."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from trellis.core.access.viewer import Viewer


class TrellisRequest(HttpRequest):
    """A request after our middleware, in a view that is marked with an area."""

    htmx: HtmxDetails
    viewer: Viewer
