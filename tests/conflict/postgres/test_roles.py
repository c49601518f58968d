"""Permissions in the database itself, regardless of the application."""

from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, models, transaction
from pghistory.models import Context, Event
from psycopg import sql

from conflict.postgres import roles

STORED = [
    model
    for model in apps.get_models(include_auto_created=True)
    if (model._meta.managed or model._meta.app_label == roles.QUEUE_APP) and not model._meta.proxy
]
SHOWN = [model for model in STORED if model._meta.app_label == "record"]
HIDDEN = [model for model in STORED if model._meta.app_label != "record"]
HISTORY = [model for model in STORED if issubclass(model, Event)]

pytestmark = pytest.mark.django_db


def of(*chosen: Sequence[type[models.Model]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("model", *chosen, ids=lambda model: model._meta.db_table)


def table(model: type[models.Model]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


def refused(session: "psycopg.Connection", statement: str, **names: sql.Composable) -> bool:
    try:
        session.execute(sql.SQL(statement).format(**names))
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


@pytest.fixture
def public(log_in_as):
    """As a reader's session that somebody got hold of: the soft read-only default is turned off."""
    session = log_in_as("public")
    session.execute("SET default_transaction_read_only = off")
    return session


@pytest.fixture
def desk(log_in_as):
    return log_in_as("desk")


class TestThePublicRole:
    @of(HIDDEN)
    def test_cannot_read_what_is_not_in_the_record(self, public, model):
        assert refused(public, "SELECT * FROM {table} LIMIT 1", table=table(model))

    def test_cannot_read_a_single_column_of_anything_else(self, public):
        readable = public.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')"
            " AND has_any_column_privilege(oid, 'SELECT')"
        )

        assert {name for (name,) in readable} == {model._meta.db_table for model in SHOWN}

    @of(SHOWN)
    def test_reads_the_record(self, public, model):
        assert not refused(public, "SELECT * FROM {table} LIMIT 1", table=table(model))

    @of(SHOWN)
    @pytest.mark.parametrize(
        "statement", ["INSERT INTO {table} DEFAULT VALUES", "DELETE FROM {table}", "TRUNCATE {table}"]
    )
    def test_writes_nothing(self, public, model, statement):
        assert refused(public, statement, table=table(model))

    def test_makes_nothing(self, public):
        assert refused(public, "CREATE TABLE mine (id int)")
        assert refused(public, "CREATE TEMPORARY TABLE mine (id int)")

    def test_reads_in_transactions_that_cannot_write_from_the_start(self, log_in_as):
        assert log_in_as("public").execute("SHOW default_transaction_read_only").fetchone() == ("on",)


class TestTheDesksRole:
    @of(
        [
            model
            for model in STORED
            if not issubclass(model, Event | Context)
            and model._meta.label_lower not in roles.APPENDED | roles.BY_FUNCTION
        ]
    )
    def test_edits_the_desk_and_the_record(self, desk, model):
        for statement in ("SELECT * FROM {table} LIMIT 1", "DELETE FROM {table} WHERE false"):
            assert not refused(desk, statement, table=table(model))

    @of(HISTORY)
    @pytest.mark.parametrize(
        "statement", ["DELETE FROM {table}", "UPDATE {table} SET pgh_label = ''", "TRUNCATE {table}"]
    )
    def test_cannot_change_history(self, desk, model, statement):
        assert refused(desk, statement, table=table(model))

    @of([model for model in STORED if model._meta.label_lower in roles.APPENDED])
    @pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET id = id", "TRUNCATE {table}"])
    def test_cannot_change_what_was_done_and_read(self, desk, model, statement):
        key = sql.Identifier(str(model._meta.pk.column))
        assert refused(desk, statement.replace("id = id", "{key} = {key}"), table=table(model), key=key)

    def test_cannot_change_any_column_of_the_log(self, desk):
        log = apps.get_model("record.Publication")
        for field in log._meta.concrete_fields:
            statement = "UPDATE {table} SET {column} = NULL WHERE false"
            assert refused(desk, statement, table=table(log), column=sql.Identifier(str(field.column)))

    def test_cannot_change_tables(self, desk):
        assert refused(desk, "CREATE TABLE mine (id int)")


class TestCreatingRoles:
    def test_again_changes_nothing(self):
        before = privileges()

        call_command("create_roles", verbosity=0)

        assert privileges() == before

    def test_makes_a_login_whose_password_the_server_never_sees(self):
        login = roles.Login("chronology_passer_by", "a long and secret word")

        assert roles.missing(connection, [login]) == [login]
        with transaction.atomic():
            roles.create(connection, login)
            assert roles.missing(connection, [login]) == []
            transaction.set_rollback(True)

    def test_says_what_to_run_when_it_may_not_create_them(self, desk):
        restricted = connection.copy()
        restricted.settings_dict["USER"] = desk.info.user
        try:
            with pytest.raises(ImproperlyConfigured, match="an administrator run: CREATE ROLE chronology_passer_by"):
                roles.create(restricted, roles.Login("chronology_passer_by"))
        finally:
            restricted.close()


def privileges() -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, unnest(relacl)::text FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        return set(cursor.fetchall())


RIGHTS = Path(__file__).with_name("rights.txt")
TABLE_RIGHTS = """
    SELECT relname, string_agg(privilege_type, ' ' ORDER BY privilege_type)
    FROM pg_class, aclexplode(relacl) given
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p') AND grantee = %(role)s::regrole
    GROUP BY relname
"""
COLUMN_RIGHTS = """
    SELECT relname, string_agg(privilege_type || '(' || attname || ')', ' ' ORDER BY privilege_type, attname)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl) given
    WHERE relnamespace = 'public'::regnamespace AND grantee = %(role)s::regrole
    GROUP BY relname
"""


class TestEveryRight:
    """Each right of each login on each table, by name: a new table has none that somebody did not write down."""

    @pytest.mark.parametrize("login", ["desk", "public"])
    def test_is_one_that_is_written_down(self, log_in_as, login):
        role = log_in_as(login).info.user
        given: dict[str, list[str]] = {}
        with connection.cursor() as cursor:
            for question in (TABLE_RIGHTS, COLUMN_RIGHTS):
                cursor.execute(question, {"role": role})
                for name, rights in cursor.fetchall():
                    given.setdefault(name, []).append(rights)

        found = sorted(f"{login} {name}: {' '.join(rights)}" for name, rights in given.items())

        assert found == [line for line in RIGHTS.read_text().splitlines() if line.startswith(f"{login} ")]

    def test_to_say_who_edited_is_the_triggers_alone(self, desk):
        context = "INSERT INTO pghistory_context (id, metadata) VALUES (gen_random_uuid(), '{{}}')"
        assert refused(desk, context)
        assert refused(desk, "UPDATE pghistory_context SET metadata = '{{}}'")
        assert refused(desk, "SELECT _pgh_attach_context()")

    def test_leaves_the_history_to_be_written_as_the_owner(self, desk):
        with desk.transaction(force_rollback=True):
            desk.execute("SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true)")
            desk.execute("""SELECT set_config('pghistory.context_metadata', '{"user": 7}', true)""")
            desk.execute(
                'INSERT INTO conflict_period (key, title, position, "when", introduction, heading_origin)'
                " VALUES ('by-hand', 'By hand', 1, '', '', 'editor')"
            )

            written = desk.execute(
                "SELECT metadata FROM conflict_periodhistory JOIN pghistory_context c ON c.id = pgh_context_id"
                " WHERE key = 'by-hand'"
            )
            assert written.fetchall() == [({"user": 7},)]


class TestTriggersOfSafety:
    def test_are_not_told_by_the_desk_to_stand_aside(self, desk):
        names = [
            name
            for (name,) in desk.execute(
                "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger%' AND tgname NOT LIKE '%touch%insert%'"
            )
        ]
        assert names

        with desk.transaction():
            desk.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
            ignored = [
                name for name in names if desk.execute("SELECT _pgtrigger_should_ignore(%s)", [name]).fetchone()[0]
            ]

        assert ignored == []

    def test_but_those_that_an_import_does_without_for_its_own_new_entries(self, desk):
        touch = "pgtrigger_touch_conflict_event_insert_0a1b2"
        with desk.transaction():
            desk.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + touch + "}"])

            assert desk.execute("SELECT _pgtrigger_should_ignore(%s)", [touch]).fetchone() == (True,)


class TestTheLimitsOfReaders:
    def test_are_set_on_their_role(self):
        role = settings.LOGINS["public"]["USER"]

        assert roles.limit(connection, public=role, seconds=7)

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT unnest(setconfig) FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole"
                " JOIN pg_database ON pg_database.oid = setdatabase"
                " WHERE rolname = %s AND datname = current_database()",
                [role],
            )
            assert {value for (value,) in cursor.fetchall()} == {
                "default_transaction_read_only=on",
                "statement_timeout=7s",
                "random_page_cost=1.1",
            }

    def test_are_left_to_an_administrator_where_the_owner_may_not_set_them(self):
        role = settings.LOGINS["public"]["USER"]
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(settings.LOGINS["default"]["USER"])))
            try:
                assert not roles.limit(connection, public=role, seconds=7)
            finally:
                cursor.execute("RESET ROLE")
