from django.apps import AppConfig


class Config(AppConfig):
    name = "trellis.config"
    label = "config"

    def ready(self) -> None:
        """Hand the installation's keys to the parts that use them."""
        from django.conf import settings  # noqa: PLC0415 - settings are ready here

        from trellis.records.access import vault  # noqa: PLC0415 - needs the apps
        from trellis.records.audit import chain  # noqa: PLC0415

        vault.use_keys(field=settings.KEYS.field, blind=settings.KEYS.blind)
        chain.use_key(settings.KEYS.audit)
