"""The database function that erases: the only way to remove a published text, its salt and its history.

It runs as the owner of the tables, so that the desk's login needs no right to change any of them. It does nothing without
a request by one active account, a confirmation by another, and the redaction as the entry's last step in the public log.
Installed after every `migrate`, like the triggers, from the tables as they are declared.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.models import Model

from conflict.models import ENTRIES
from editorial.models import Erasure, ErasureConfirmation
from editorial.models.erasure import WAITS
from editorial.workflow import edit_history, quotations

NAME = "erase_entry"
GUARDED = dict.fromkeys(  # by triggers that refuse changes
    [
        "editorial_supersededentry",
        Erasure._meta.db_table,
        *(model._meta.db_table for model in quotations.ERASED),
    ]
)

BODY = f"""
DECLARE
    asked {Erasure._meta.db_table};
    last record;
    ids bigint[];
    secret text := gen_random_uuid()::text || gen_random_uuid()::text;
BEGIN
    SELECT * INTO asked FROM {Erasure._meta.db_table} WHERE id = asked_for FOR UPDATE;
    IF asked.id IS NULL OR asked.asked_at < now() - interval '{WAITS.days} days'
        OR EXISTS (SELECT FROM {ErasureConfirmation._meta.db_table} WHERE erasure_id = asked.id)
    THEN
        RAISE EXCEPTION 'No erasure waits under this number: ask for it again.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_waits';
    END IF;
    IF asked.asked_by_id = confirmed_by
        OR (SELECT count(*) FROM editorial_user WHERE id IN (asked.asked_by_id, confirmed_by) AND is_active) <> 2
    THEN
        RAISE EXCEPTION 'An erasure takes two people with active accounts: one who asks, another who confirms.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_takes_two_people';
    END IF;
    SELECT action, published_at INTO last FROM record_publication
    WHERE entry_kind = asked.entry_kind AND key = asked.key ORDER BY version DESC LIMIT 1;
    IF last.action IS DISTINCT FROM 'redact' OR last.published_at < asked.asked_at THEN
        RAISE EXCEPTION 'The log does not say that the % % is erased: publish that first.', asked.entry_kind, asked.key
        USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_is_in_the_log';
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    UPDATE record_publication SET document = NULL, salt = ''
    WHERE entry_kind = asked.entry_kind AND key = asked.key AND document IS NOT NULL;
    {{history}}
    {{unguarded}}
    -- The hashes of proposals have no salt. What refers to one another goes on doing so, under hashes nobody can make.
    UPDATE editorial_review SET digest = encode(sha256(convert_to(digest || secret, 'UTF8')), 'hex')
    WHERE submission_id IN (
        SELECT submission_id FROM editorial_submittedentry WHERE entry_kind = asked.entry_kind AND key = asked.key
        UNION SELECT submission_id FROM editorial_supersededentry WHERE entry_kind = asked.entry_kind AND key = asked.key
    );
    UPDATE editorial_supersededentry SET digest = encode(sha256(convert_to(digest || secret, 'UTF8')), 'hex')
    WHERE submission_id IN (
        SELECT submission_id FROM editorial_submittedentry WHERE entry_kind = asked.entry_kind AND key = asked.key
        UNION SELECT submission_id FROM editorial_supersededentry WHERE entry_kind = asked.entry_kind AND key = asked.key
    );
    DELETE FROM editorial_supersededentry WHERE entry_kind = asked.entry_kind AND key = asked.key;
    DELETE FROM editorial_submittedentry WHERE entry_kind = asked.entry_kind AND key = asked.key;
    DELETE FROM editorial_journalnote WHERE entry_kind = asked.entry_kind AND key = asked.key;
    UPDATE editorial_proposal SET payload = '{{{{}}}}', body_sha256 = ''
    WHERE entry_kind = asked.entry_kind AND entry_key = asked.key;
    -- What else repeats the words that the first person named; the words themselves go with it.
    {{quoted}}
    UPDATE {Erasure._meta.db_table} SET words = ARRAY[]::varchar[]
    WHERE id = asked.id OR asked_at < now() - interval '{WAITS.days} days';
    {{guarded}}
    INSERT INTO {ErasureConfirmation._meta.db_table} (erasure_id, by_id, at) VALUES (asked.id, confirmed_by, now());
    SET CONSTRAINTS ALL DEFERRED;  -- as before, for whatever follows in the same transaction
END
"""


def body() -> str:
    history = "\n".join(_of_kind(kind, model) for kind, model in ENTRIES.items())
    quoted = quotations.erasing("asked.words")
    return BODY.format(history=history, quoted=quoted, unguarded=_triggers("DISABLE"), guarded=_triggers("ENABLE"))


def install(*, using: str, **more: Any) -> None:
    """Install it once the tables are there, as pgtrigger does with the triggers: a receiver of `post_migrate`."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION public.{NAME}(asked_for bigint, confirmed_by bigint) RETURNS void"
            f" LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $function${body()}$function$"
        )
        cursor.execute(f"REVOKE EXECUTE ON FUNCTION public.{NAME}(bigint, bigint) FROM PUBLIC")


def _triggers(verb: str) -> str:
    return "".join(f"ALTER TABLE {table} {verb} TRIGGER USER;\n    " for table in GUARDED)


def _of_kind(kind: str, model: type[Model]) -> str:
    """Statements that delete the history of an entry of this kind, parts of parts first."""
    table, deletions = model._meta.db_table, list(_deletions(kind, model))
    tables = list(dict.fromkeys(name for name, _ in deletions))
    return f"""
    IF asked.entry_kind = '{kind}' THEN
        IF EXISTS (SELECT FROM {table} WHERE key = asked.key) THEN
            RAISE EXCEPTION 'The {kind} % is still on the desk: delete it first.', asked.key
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_begins_at_the_desk';
        END IF;
        {" ".join(f"ALTER TABLE {name} DISABLE TRIGGER USER;" for name in tables)}
        ids := ARRAY(SELECT DISTINCT id FROM {_history(model)} WHERE key = asked.key);
        {" ".join(f"DELETE FROM {name} WHERE {condition};" for name, condition in deletions)}
        {" ".join(f"ALTER TABLE {name} ENABLE TRIGGER USER;" for name in tables)}
    END IF;"""


def _deletions(kind: str, model: type[Model]) -> Iterator[tuple[str, str]]:
    for child, column, parent in edit_history.INDIRECT.get(kind, ()):
        gone = f"SELECT id FROM {_history(parent)} WHERE {edit_history.DIRECT[kind][parent]} = ANY(ids)"
        yield _history(child), f"{column} IN ({gone} EXCEPT SELECT id FROM {parent._meta.db_table})"
    for child, column in edit_history.DIRECT[kind].items():
        yield _history(child), f"{column} = ANY(ids)"
    yield _history(model), "id = ANY(ids)"


def _history(model: Any) -> str:
    table: str = edit_history.history_of(model).model._meta.db_table
    return table
