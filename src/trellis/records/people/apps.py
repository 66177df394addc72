from django.apps import AppConfig


class Config(AppConfig):
    name = "trellis.records.people"
    label = "people"
