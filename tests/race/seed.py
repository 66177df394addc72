"""Fills the installation of a race; run as ``python -m tests.race.seed CLIENTS``.

One site, one session that has begun, twelve families expected, and so many members of
the team, each signed in. Prints the keys of it all as one JSON object.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import django


FAMILIES = 12  # the most places a session has
CHILD_DAYS = 65
SITE_ZONE = ZoneInfo("America/New_York")


def main(clients: int) -> None:
    """Make the rows and say their keys."""
    django.setup()
    from django.test import Client

    from tests import factories as make
    from tests import signed_in
    from trellis.core.access.vocabulary import Role

    now = datetime.now(UTC)
    today = now.astimezone(SITE_ZONE).date()
    site = make.SiteFactory()
    people = {
        role: [_member(make, role, site) for _ in range(clients)]
        for role in (Role.COORDINATOR, Role.NURSE)
    }
    since = today - timedelta(days=50)
    dyads = [
        make.DyadFactory(
            parent__recorded_at=now,
            child__born=today - timedelta(days=CHILD_DAYS),
            starts=today - timedelta(days=CHILD_DAYS),
        )
        for _ in range(FAMILIES)
    ]
    starts = now - timedelta(minutes=30)
    cohort = make.CohortFactory(places=FAMILIES)
    for dyad in dyads:
        make.CohortMemberFactory(cohort=cohort, dyad=dyad, starts=since)
    session = make.GroupSessionFactory(
        cohort=cohort, starts=starts, ends=starts + timedelta(hours=4), places=FAMILIES
    )
    places = [make.PlaceFactory(session=session, dyad=dyad) for dyad in dyads]
    for nurse in people[Role.NURSE]:
        make.SessionStaffFactory(
            session=session, user_id=nurse.pk, role=Role.NURSE.value
        )
    vaccine = _laid_out(session, today)

    def keys_of(role):
        browsers = []
        for person in people[role]:
            browser = Client()
            browser.force_login(person)
            signed_in.with_second_factor(browser)
            browsers.append(browser.cookies["sessionid"].value)
        return browsers

    made = {
        "session": str(session.pk),
        "cohort": str(cohort.pk),
        "places": [str(place.pk) for place in places],
        "children": [str(dyad.child_id) for dyad in dyads],
        "vaccine": str(vaccine),
        "coordinators": keys_of(Role.COORDINATOR),
        "nurses": keys_of(Role.NURSE),
    }
    sys.stdout.write(json.dumps(made))


def _member(make, role, site):
    # without a password: nobody signs in by one here, and hashing it takes long
    user = make.UserFactory(email=f"{uuid4().hex}@clinic.example", password=None)
    make.MembershipFactory(
        user=user,
        site=site,
        role=role.value,
        is_medical_personnel=role in make.LICENSED,
    )
    return user


def _laid_out(session, today):
    from tests.factories import in_context_of
    from trellis.records.groups.models import SessionVaccine

    with in_context_of(session.site_id):
        return SessionVaccine.ungated.create(
            site_id=session.site_id,
            session=session,
            cvx="110",
            mvx="SKB",
            product="Pediarix",
            lot="RACE1",
            expires_on=today + timedelta(days=400),
            vis_edition_on=today - timedelta(days=100),
            route="IM",
        ).pk


if __name__ == "__main__":
    main(int(sys.argv[1]))
