from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "conflict.record"
    label = "record"
    verbose_name = "Public record"
