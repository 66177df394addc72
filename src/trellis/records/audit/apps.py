from django.apps import AppConfig


class Config(AppConfig):
    name = "trellis.records.audit"
    label = "audit"
