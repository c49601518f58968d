"""The three roles of the database, and what each may do: computed from the models, granted by the owner.

| role   | may                                                                                       |
|--------|-------------------------------------------------------------------------------------------|
| owner  | own the tables, migrate them, run this                                                    |
| desk   | read and write the desk and the record; append to the log and the audit, never rewrite;   |
|        | read the history, which triggers write as the owner                                       |
| public | read the log and the record, and nothing else                                             |
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from pghistory.models import Context, Event
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

PUBLIC_APP = "record"  # the app whose tables readers may see
QUEUE_APP = "procrastinate"  # creates its tables by SQL, so Django treats its models as unmanaged
EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
APPEND = ("SELECT", "INSERT")
# The log, what others vouch for, and the audit: rows are only ever added.
APPENDED = frozenset(
    {
        *(f"record.{name}" for name in ("publication", "anchor", "cosignature")),
        *(
            f"editorial.{name}"
            for name in ("auditentry", "review", "comment", "consent", "historycheckpoint", "journalnote")
        ),
        *(f"editorial.{name}" for name in ("supersededentry", "erasure")),
    }
)
# Written only by functions that run as the owner, and those functions.
BY_FUNCTION = frozenset({"editorial.erasureconfirmation"})
FUNCTIONS = ("erase_entry(bigint, bigint)",)
# Triggers that a session may disable (`pgtrigger.ignore`): the import does so for entries that it creates itself.
IGNORABLE = r"pgtrigger\_touch\_%\_insert\_%"


@dataclass(frozen=True)
class Login:
    """A role of the server, and the password it gets if it has to be created."""

    name: str
    password: str = ""


@dataclass(frozen=True)
class Grant:
    """Privileges of a role on one table."""

    table: str
    rights: tuple[str, ...]

    def statement(self, role: str) -> sql.Composed:
        rights = [sql.SQL(right) for right in self.rights]
        return sql.SQL("GRANT {} ON {} TO {}").format(
            sql.SQL(", ").join(rights), sql.Identifier(self.table), sql.Identifier(role)
        )


def desk_grants() -> list[Grant]:
    return [_desk_grant(model) for model in _stored(apps.get_models(include_auto_created=True))]


def public_grants() -> list[Grant]:
    shown = apps.get_app_config(PUBLIC_APP).get_models(include_auto_created=True)
    return [Grant(model._meta.db_table, ("SELECT",)) for model in _stored(shown)]


def _stored(found: "Iterator[type[models.Model]] | list[type[models.Model]]") -> Iterator[type[models.Model]]:
    return (
        model
        for model in found
        if (model._meta.managed or model._meta.app_label == QUEUE_APP) and not model._meta.proxy
    )


def _desk_grant(model: type[models.Model]) -> Grant:
    table = model._meta.db_table
    if issubclass(model, Context | Event) or model._meta.label_lower in BY_FUNCTION:
        return Grant(table, ("SELECT",))  # written only by triggers and functions, as the owner
    if model._meta.label_lower in APPENDED:
        return Grant(table, APPEND)
    return Grant(table, EVERYTHING)


def missing(connection: BaseDatabaseWrapper, logins: list[Login]) -> list[Login]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles")
        known = {name for (name,) in cursor.fetchall()}
    return [login for login in logins if login.name not in known]


def create(connection: BaseDatabaseWrapper, login: Login) -> None:
    """Create a role that may log in. The password is hashed on this side, so the server's log never sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            raise ImproperlyConfigured(
                f"The role {login.name} does not exist and the owner's login may not create roles. "
                f"Have an administrator run: CREATE ROLE {login.name} LOGIN PASSWORD '…';"
            )
        statement = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(login.name))
        if login.password:
            hashed = connection.connection.pgconn.encrypt_password(
                login.password.encode(), login.name.encode(), b"scram-sha-256"
            )
            statement += sql.SQL(" PASSWORD {}").format(sql.Literal(hashed.decode()))
        cursor.execute(statement)


def grant(connection: BaseDatabaseWrapper, *, desk: str, public: str) -> None:
    """Grant both roles exactly their privileges, and revoke all others, in one transaction.

    `connection` is the owner's. A role that is the owner itself is left alone, because an owner's privileges cannot be
    limited.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        # Two concurrent runs would collide in the catalogue: "tuple concurrently updated".
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('create_roles')), current_user")
        owner = cursor.fetchone()[1]
        _refuse_unmigrated(connection, cursor)
        _close_to_everybody(cursor, [role for role in (desk, public) if role != owner])
        if public not in {desk, owner}:
            _give(cursor, public, public_grants())
        if desk != owner:
            _give(cursor, desk, desk_grants())
            _let_number_rows(cursor, desk)
            for function in FUNCTIONS:
                cursor.execute(
                    sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), sql.Identifier(desk))
                )
        _harden_triggers(cursor)


def readers_settings(seconds: int) -> dict[str, str]:
    """Settings of the readers' role. No disk turns any more: at PostgreSQL's own `random_page_cost` of 4, whole tables
    are read for the events of one year.
    """
    return {"default_transaction_read_only": "on", "statement_timeout": f"{seconds}s", "random_page_cost": "1.1"}


def limit(connection: BaseDatabaseWrapper, *, public: str, seconds: int) -> bool:
    """Make the readers' role read-only and its queries short, in the database itself; False if the owner may not.

    Settings sent with the connection are lost behind a pgbouncer; those of a role are not.
    """
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('create_roles')), current_database()")
            database = sql.Identifier(cursor.fetchone()[1])
            for name, value in readers_settings(seconds).items():
                cursor.execute(
                    sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                        sql.Identifier(public), database, sql.Identifier(name), sql.Literal(value)
                    )
                )
    except ProgrammingError as refused:
        if not isinstance(refused.__cause__, InsufficientPrivilege):
            raise
        return False
    return True


def _harden_triggers(cursor: CursorWrapper) -> None:
    """Let only the owner disable triggers, and make the triggers write the history as the owner.

    `migrate` reinstalls triggers and so undoes this; that is why this step has to follow it.
    """
    cursor.execute(
        sql.SQL(
            """
            CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
            LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
                SELECT trigger_name = ANY(nullif(current_setting('pgtrigger.ignore', true), '')::text[])
                    AND (trigger_name LIKE {ignorable} OR pg_has_role(session_user, {owner}, 'MEMBER'))
            $$
            """
        ).format(ignorable=sql.Literal(IGNORABLE), owner=sql.Literal(_owner(cursor)))
    )
    cursor.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        r" AND (proname LIKE 'pgtrigger\_written\_%' OR proname = '_pgh_attach_context')"
    )
    for (function,) in cursor.fetchall():
        name = sql.SQL(function)  # in PostgreSQL's own notation
        cursor.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(name))
        cursor.execute(sql.SQL("ALTER FUNCTION {} SECURITY DEFINER SET search_path = public").format(name))


def _owner(cursor: CursorWrapper) -> str:
    cursor.execute("SELECT current_user")
    (owner,) = cursor.fetchone()
    return str(owner)


def _refuse_unmigrated(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> None:
    tables = set(connection.introspection.table_names(cursor))
    absent = sorted(grant.table for grant in desk_grants() if grant.table not in tables)
    if absent:
        raise ImproperlyConfigured(
            f"The table {absent[0]} does not exist yet ({len(absent)} are missing). "
            "Run `python manage.py migrate --database=owner` first."
        )


def _close_to_everybody(cursor: CursorWrapper, roles: list[str]) -> None:
    """Revoke the privileges that PostgreSQL grants to every role by default."""
    cursor.execute(
        "SELECT current_database(), pg_has_role(datdba, 'MEMBER') FROM pg_database WHERE datname = current_database()"
    )
    name, owns_database = cursor.fetchone()
    names = sql.SQL(", ").join(map(sql.Identifier, roles))
    if owns_database:
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    cursor.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM PUBLIC")
    if not roles:
        return
    if owns_database:
        cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), names))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(names))
    cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(names))
    cursor.execute(sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(names))


def _give(cursor: CursorWrapper, role: str, grants: list[Grant]) -> None:
    for given in grants:
        cursor.execute(given.statement(role))


def _let_number_rows(cursor: CursorWrapper, role: str) -> None:
    """Grant the use of sequences.

    Inserts into identity columns do not need it, but loading fixtures sets the sequences.
    """
    cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
    for (name,) in cursor.fetchall():
        cursor.execute(
            sql.SQL("GRANT USAGE, SELECT, UPDATE ON SEQUENCE {} TO {}").format(
                sql.Identifier(name), sql.Identifier(role)
            )
        )
    # Comparing the record with the log needs a temporary table for the last publication of each entry.
    cursor.execute("SELECT current_database()")
    (database,) = cursor.fetchone()
    cursor.execute(
        sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(database), sql.Identifier(role))
    )
    # Django checks for pending migrations when it starts its development server.
    cursor.execute(sql.SQL("GRANT SELECT ON django_migrations TO {}").format(sql.Identifier(role)))
