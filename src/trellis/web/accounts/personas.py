"""The demo's personas as pages show them; nothing of it exists outside the demo."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trellis.records.accounts import queries
from trellis.records.accounts.queries import Persona
from trellis.web.role_labels import ROLE_LABELS


@dataclass(frozen=True, slots=True)
class PersonaGroup:
    """The personas of one site, or of the whole network, on the sign-in page."""

    site: str
    personas: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Preparing:
    """How far the demo is filled: sites that are ready, of how many."""

    ready: int
    total: int

    @property
    def left(self) -> int:
        """Sites still to come."""
        return self.total - self.ready


def is_open_to(request: HttpRequest) -> bool:
    """Whether a click may sign in: the demo, from this machine, by a loopback name."""
    if not settings.DEMO_MODE:
        return False
    host, _port = split_domain_port(request.get_host())
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (
        host == "localhost" or _is_loopback(host.strip("[]"))
    )


def for_switch(email: str, site_id: int | None) -> list[dict[str, Any]]:
    """The persons to switch to from a page: of the same site, and of the network."""
    return [_shown(one, email) for one in queries.personas(site_id=site_id)]


def for_sign_in() -> tuple[list[PersonaGroup], Preparing]:
    """Every persona by site, the first site first; and how many sites are ready."""
    personas = queries.personas()
    by_site: dict[int | None, list[Persona]] = {}
    for one in personas:
        by_site.setdefault(one.site_id, []).append(one)
    network = by_site.pop(None, [])
    groups = [_group(people) for people in by_site.values()]
    ready = Preparing(len(groups), max(settings.DEMO_SITES, len(groups)))
    return [*groups[:1], *([_group(network)] if network else []), *groups[1:]], ready


def _group(people: list[Persona]) -> PersonaGroup:
    return PersonaGroup(people[0].site_name, tuple(_shown(p, "") for p in people))


def _shown(persona: Persona, email: str) -> dict[str, Any]:
    is_privacy_officer = persona.email.startswith("privacy.")
    label: str | Promise = ROLE_LABELS[persona.role]
    if is_privacy_officer:
        label = _("Privacy officer")
    return {
        "key": persona.email,
        "label": label,
        "name": persona.name,
        "site": persona.site_name,
        "is_current": persona.email == email,
    }


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
