from django.apps import AppConfig


class Config(AppConfig):
    name = "trellis.records.care"
    label = "care"

    def ready(self) -> None:
        """Tell the gate where to ask."""
        from trellis.records.access import gate
        from trellis.records.care.facts import standing

        gate.learn_from("care", standing)
