"""System checks for a public site: `manage.py check --deploy` reports which boundaries are enforced in code only."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from conflict.record import anchors


@register(Tags.security, deploy=True)
def each_side_has_its_own_login(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    owner, desk, public = (settings.DATABASES[alias]["USER"] for alias in ("owner", "default", "public"))
    found: list[CheckMessage] = []
    if public in {desk, owner}:
        found.append(
            Warning(
                f"The public side logs in to the database as {public}, which can read drafts.",
                hint="Set PUBLIC_DATABASE_URL to a login of its own and run create_roles.",
                id="conflict.W001",
            )
        )
    if desk == owner:
        found.append(
            Warning(
                f"The desk logs in to the database as {desk}, which owns the tables and could rewrite the log.",
                hint="Set OWNER_DATABASE_URL to another login, which owns the tables, and run create_roles.",
                id="conflict.W002",
            )
        )
    return found


@register(Tags.security, deploy=True)
def is_not_on_trial(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if not settings.TRIAL:
        return []
    return [
        Warning(
            "TRIAL is set: the embedded database and plain HTTP are for trying the software on one machine.",
            hint="Unset TRIAL, and set DATABASE_URL, SECRET_KEY and ALLOWED_HOSTS.",
            id="conflict.W003",
        )
    ]


@register(Tags.security, deploy=True)
def is_anchored(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if len(settings.TIMESTAMP_AUTHORITIES) >= anchors.AT_LEAST:
        return []
    return [
        Warning(
            "Fewer than two authorities timestamp the log: readers have only your word for when it was written.",
            hint="Set TIMESTAMP_AUTHORITIES as docs/proof.md says.",
            id="conflict.W005",
        )
    ]


@register(Tags.security, deploy=True)
def asks_for_a_second_factor(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    if settings.SECOND_FACTOR:
        return []
    return [
        Warning(
            "SECOND_FACTOR is off: whoever learns an editor's password is that editor.",
            hint="Unset SECOND_FACTOR.",
            id="conflict.W004",
        )
    ]
