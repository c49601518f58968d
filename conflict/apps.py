from django.apps import AppConfig


class ConflictConfig(AppConfig):
    name = "conflict"
    label = "conflict"
    verbose_name = "Chronology (desk)"

    def ready(self) -> None:
        from conflict import checks  # noqa: F401  # registers the system checks
