"""Hands the keys of the installation to the records, which read no settings."""

from django.apps import AppConfig


class TrellisConfig(AppConfig):
    name = "trellis.config"
    label = "config"

    def ready(self) -> None:
        """Give the vault and the audit trail their keys."""
        from django.conf import settings

        from trellis.records.access import vault
        from trellis.records.audit import chain

        vault.use_keys(dict(settings.KEYS.fields), index=settings.KEYS.index)
        chain.use_key(settings.KEYS.audit)
