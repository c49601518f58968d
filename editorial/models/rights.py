"""Rights of accounts, watched by triggers: whoever gives or takes one, by whatever path, leaves a line in the audit log."""

import pgtrigger

from editorial.models.user import User

# The table of the audit log is named here, and not taken from its model, which refers to accounts itself.
WRITTEN_DOWN = """
    INSERT INTO editorial_auditentry (verb, at, why, entries, batch)
    SELECT 'rights_changed', now(), {why}, ARRAY['account ' || username], NULL
    FROM editorial_user WHERE id = {account};
    RETURN NULL;
"""
GROUP = "(SELECT name FROM auth_group WHERE id = {row}.group_id)"
IS_SUPERUSER = "'given: everything, as a superuser'"
PERMISSION = "(SELECT codename FROM auth_permission WHERE id = {row}.permission_id)"


def watched(name: str, what: str) -> list[pgtrigger.Trigger]:
    """Triggers of a table that ties accounts to `what`."""
    return [
        pgtrigger.Trigger(
            name=f"{name}_{operation}",
            when=pgtrigger.After,
            operation=getattr(pgtrigger, operation.capitalize()),
            func=WRITTEN_DOWN.format(
                why=f"'{sign} ' || coalesce({what.format(row=row)}, '?')", account=f"{row}.user_id"
            ),
        )
        for operation, row, sign in (("insert", "NEW", "given:"), ("delete", "OLD", "taken:"))
    ]


class AccountGroup(User.groups.through):  # type: ignore[misc,name-defined]
    """A role of an account."""

    class Meta:
        proxy = True
        triggers = watched("role_is_written_down", GROUP)


class AccountPermission(User.user_permissions.through):  # type: ignore[misc,name-defined]
    """A permission of an account beside its roles; no page gives one."""

    class Meta:
        proxy = True
        triggers = watched("permission_is_written_down", PERMISSION)


class Account(User):
    """An account, watched for being made a superuser."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="superuser_is_written_down",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__is_superuser=True),
                func=WRITTEN_DOWN.format(why=IS_SUPERUSER, account="NEW.id"),
            ),
            pgtrigger.Trigger(
                name="new_superuser_is_written_down",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__is_superuser=False, new__is_superuser=True),
                func=WRITTEN_DOWN.format(why=IS_SUPERUSER, account="NEW.id"),
            ),
        ]
