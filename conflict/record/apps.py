from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    name = "conflict.record"
    label = "record"
    verbose_name = "Public record"

    def ready(self) -> None:
        from conflict.record import event_context_function
        from conflict.record.consistency.upgrade import upgrade

        post_migrate.connect(event_context_function.install, sender=self)
        post_migrate.connect(upgrade, sender=self)
