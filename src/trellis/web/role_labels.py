"""What each role is called on the screen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from trellis.core.access.vocabulary import Role


ROLE_LABELS = {
    Role.DIRECTOR: _("Director"),
    Role.COORDINATOR: _("Coordinator"),
    Role.NURSE: _("Nurse"),
    Role.PAEDIATRICS: _("Paediatrician"),
    Role.OBSTETRICS: _("Obstetrics"),
    Role.SUD_COUNSELLOR: _("Counsellor"),
    Role.PEER_COACH: _("Peer coach"),
    Role.CASE_MANAGER: _("Case manager"),
    Role.FACILITATOR: _("Facilitator"),
    Role.EVALUATOR_FUNDER: _("Evaluator"),
    Role.PARENT: _("Parent"),
}
