from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    name = "conflict.record"
    label = "record"
    verbose_name = "Public record"

    def ready(self) -> None:
        from conflict.record.consistency.upgrade import upgrade

        post_migrate.connect(upgrade, sender=self)
