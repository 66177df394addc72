"""Every address of the application, by area."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("trellis.web.today.urls")),
    path("account/", include("trellis.web.accounts.urls")),
    path("account/", include("trellis.web.accounts.sign_in_urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("people/", include("trellis.web.people.urls")),
    path("children/", include("trellis.web.clinical.urls")),
    path("groups/", include("trellis.web.groups.urls")),
    path("imports/", include("trellis.web.imports.urls")),
    path("access/", include("trellis.web.access.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

if settings.DEMO_MODE or settings.IS_TEST:
    urlpatterns.append(path("components/", include("trellis.web.gallery.urls")))

handler400 = "trellis.web.answers.bad_request"
handler403 = "trellis.web.answers.forbidden"
handler404 = "trellis.web.answers.not_found"
handler500 = "trellis.web.answers.server_fault"
