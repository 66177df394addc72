"""The named account under which files are brought in by commands (decision 17)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password

from trellis.core.access.permissions import permissions_of
from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Purpose, Role
from trellis.core.errors import InvalidInput
from trellis.records.accounts.models import User
from trellis.records.sites.models import Organisation, Site


SERVICE: Final = "import@service"


def import_account(*, at: datetime, site_code: str | None = None) -> Viewer:
    """The service account at one site, or at every site of the only programme.

    Nobody can sign in with it. It stands where a coordinator of the sites stands, and
    writes what files tell (``histories.operations``); the trail names it.

    Raises:
        InvalidInput: no such site; or several programmes, and no site was named.
    """
    sites = Site.objects.filter(organisation__kind=Organisation.PROGRAMME)
    if site_code is not None:
        sites = Site.objects.filter(code=site_code)
    rows = list(sites.order_by("pk").values_list("pk", "organisation_id"))
    if not rows or len({organisation for _, organisation in rows}) > 1:
        codes = ", ".join(Site.objects.order_by("code").values_list("code", flat=True))
        raise InvalidInput(
            "--site",
            site_code or "no site",
            accepted=codes or "none: this installation has no site yet",
            hint="Name the site whose families the file is about.",
        )
    closed = {"is_active": False, "password": make_password(None)}
    user, _ = User.objects.get_or_create(
        email=SERVICE, defaults={"name": "Import service", **closed}
    )
    return Viewer(
        user_id=user.pk,
        role=Role.COORDINATOR,
        org_id=rows[0][1],
        site_ids=frozenset(site for site, _ in rows),
        purpose=Purpose.OPERATIONS,
        at=at,
        is_programme_side=True,
        permissions=permissions_of(Role.COORDINATOR, frozenset()),
    )
