from django.apps import AppConfig


class Config(AppConfig):
    name = "trellis.records.imports"
    label = "imports"
