"""`manage.py encrypt_second_factors`: encrypt the stored second factors under a new SECRET_KEY."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from editorial.accounts import second_factor


class Command(BaseCommand):
    help = (
        "Encrypts every stored second factor anew under SECRET_KEY; the old key has to be in SECRET_KEY_FALLBACKS, and "
        "can be taken out afterwards. Running it again does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done, stale = second_factor.encrypt_anew()
        self.stdout.write(f"{done} stored factors are encrypted under SECRET_KEY.")
        if stale:
            names = ", ".join(sorted({user.get_username() for user in stale}))
            raise CommandError(
                f"{len(stale)} fit neither SECRET_KEY nor SECRET_KEY_FALLBACKS: name the key they were stored under, or "
                f"run reset_second_factor for {names}."
            )
