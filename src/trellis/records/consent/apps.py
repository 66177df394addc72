from django.apps import AppConfig


class Config(AppConfig):
    name = "trellis.records.consent"
    label = "consent"

    def ready(self) -> None:
        """Tell the gate where to ask."""
        from trellis.records.access import gate
        from trellis.records.consent.facts import signed

        gate.learn_from("consent", signed)
