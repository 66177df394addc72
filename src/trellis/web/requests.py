"""The request type our views take."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from trellis.core.access.viewer import Viewer
from trellis.core.errors import RuleRefused


class TrellisRequest(HttpRequest):
    """A request after our middleware, in a view that is marked with an area."""

    htmx: HtmxDetails
    viewer: Viewer


def only_site(request: TrellisRequest) -> int:
    """The site of the active role.

    Raises:
        RuleRefused: the role spans several sites.
    """
    sites = request.viewer.site_ids
    if len(sites) != 1:
        raise RuleRefused("Change to your role at one site first.")
    return min(sites)
