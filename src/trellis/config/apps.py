"""Hands the records what lies above them: keys, and the readers of outside files."""

from django.apps import AppConfig


class TrellisConfig(AppConfig):
    name = "trellis.config"
    label = "config"

    def ready(self) -> None:
        """Give the vault and the audit trail their keys, the imports their readers."""
        from django.conf import settings

        from trellis.fhir.reading import read_fhir_file
        from trellis.iis.reading import read_registry_file
        from trellis.records.access import vault
        from trellis.records.audit import chain
        from trellis.records.imports.readers import learn_reader

        vault.use_keys(dict(settings.KEYS.fields), index=settings.KEYS.index)
        chain.use_key(settings.KEYS.audit)
        learn_reader("fhir", read_fhir_file)
        learn_reader("iis", read_registry_file)
