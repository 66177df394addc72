from django.apps import AppConfig


class Config(AppConfig):
    name = "trellis.records.groups"
    label = "groups"

    def ready(self) -> None:
        """Tell the gate where to ask."""
        from trellis.records.access import gate
        from trellis.records.groups.facts import session_team

        gate.learn_from("groups", session_team)
