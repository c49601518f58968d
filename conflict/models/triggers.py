"""Rules that hold on every path of change: triggers, declared beside their models."""

from collections.abc import Iterable

import pgtrigger


def modified_now() -> pgtrigger.Trigger:
    """Set an entry's `modified_at` to the time of the transaction that last changed it."""
    return pgtrigger.Trigger(
        name="modified_now",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(),
        func="NEW.modified_at := now(); RETURN NEW;",
    )


def touches(table: str, owners: str) -> list[pgtrigger.Trigger]:
    """Treat a change to a child as a change to its entry.

    `owners` is SQL that selects the ids of the entries from `{rows}`, the changed children. A statement touches each
    entry once, however many rows it changed.
    """
    touch = (
        f"UPDATE {table} SET modified_at = now() WHERE modified_at IS DISTINCT FROM now() AND id IN (%s); RETURN NULL;"
    )
    new, old = owners.format(rows="new_rows"), owners.format(rows="old_rows")
    return _waiting_for(table, owners) + [
        pgtrigger.Trigger(
            name=f"touch_{table}_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=touch % changed,
        )
        for name, operation, referencing, changed in (
            ("insert", pgtrigger.Insert, pgtrigger.Referencing(new="new_rows"), new),
            ("update", pgtrigger.Update, pgtrigger.Referencing(old="old_rows", new="new_rows"), f"{old} UNION {new}"),
            ("delete", pgtrigger.Delete, pgtrigger.Referencing(old="old_rows"), old),
        )
    ]


def _waiting_for(table: str, owners: str) -> list[pgtrigger.Trigger]:
    """Lock the entry before a child of it is changed or deleted.

    A history row takes its number when the child is written, before the statement's own triggers run. An edit that
    waited for the entry only then would have a number from before the publication it waited for, and would count as
    reviewed. A new child waits for its foreign key.
    """
    return [
        pgtrigger.Trigger(
            name=f"wait_for_{table}_{name}",
            when=pgtrigger.Before,
            operation=operation,
            func=pgtrigger.Func(
                f"PERFORM 1 FROM {table} WHERE id IN ({owners.format(rows=f'unnest(ARRAY[{rows}])')})"
                f" ORDER BY id FOR NO KEY UPDATE; RETURN {kept};"
            ),
        )
        for name, operation, rows, kept in (
            ("update", pgtrigger.Update, "OLD::{meta.db_table}, NEW::{meta.db_table}", "NEW"),
            ("delete", pgtrigger.Delete, "OLD::{meta.db_table}", "OLD"),
        )
    ]


def key_is_settled(kind: str) -> pgtrigger.Trigger:
    """Forbid changing a key that was ever published: links and citations depend on it."""
    return pgtrigger.Trigger(
        name="key_is_settled",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("key"),
        condition=pgtrigger.Q(old__key__df=pgtrigger.F("new__key")),
        func=f"""
            IF EXISTS (SELECT 1 FROM record_publication WHERE entry_kind = '{kind}' AND key = OLD.key) THEN
                RAISE EXCEPTION 'The {kind} % is published under this key: a published key is never changed. Withdraw it as merged into a new entry instead.', OLD.key
                USING ERRCODE = 'check_violation', CONSTRAINT = '{kind}_key_is_settled';
            END IF;
            RETURN NEW;
        """,
    )


def claim_key_is_settled() -> pgtrigger.Trigger:
    """Forbid changing the key of a claim that was ever published: other public claims refer to it."""
    return pgtrigger.Trigger(
        name="key_is_settled",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("key"),
        condition=pgtrigger.Q(old__key__df=pgtrigger.F("new__key")),
        func="""
            IF EXISTS (SELECT 1 FROM record_publishedclaimhome WHERE claim IN (OLD.key, NEW.key)) THEN
                RAISE EXCEPTION 'The claim % becomes %: a key that was ever published stays with its claim. Add another claim instead.', OLD.key, NEW.key
                USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_key_is_settled';
            END IF;
            RETURN NEW;
        """,
    )


def published_stays(kind: str) -> pgtrigger.Trigger:
    """Forbid deleting an entry that was ever published: it has to be withdrawn, or erased by law."""
    return pgtrigger.Trigger(
        name="published_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=f"""
            IF 'redact' IS DISTINCT FROM (
                SELECT action FROM record_publication WHERE entry_kind = '{kind}' AND key = OLD.key
                ORDER BY version DESC LIMIT 1
            ) AND EXISTS (SELECT 1 FROM record_publication WHERE entry_kind = '{kind}' AND key = OLD.key) THEN
                RAISE EXCEPTION 'The {kind} % has been published: withdraw it with a reason instead of deleting it.', OLD.key
                USING ERRCODE = 'check_violation', CONSTRAINT = 'published_{kind}_stays';
            END IF;
            RETURN OLD;
        """,
    )


def one_way(table: str, start: str, end: str, kinds: Iterable[str], only_one: str) -> pgtrigger.Trigger:
    """Forbid cycles in relations of these kinds, of any length; `only_one` begins the sentence that says so.

    Each step asks by itself, through the index: joined as a whole, the table would be read anew for every row of a file.
    """
    listed = ", ".join(f"'{kind}'" for kind in sorted(kinds))
    return pgtrigger.Trigger(
        name="one_way",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF NEW.kind IN ({listed}) AND EXISTS (
                WITH RECURSIVE onward(id) AS (
                    SELECT NEW.{end}
                    UNION SELECT next.id FROM onward CROSS JOIN LATERAL (
                        SELECT t.{end} AS id FROM {table} t WHERE t.{start} = onward.id AND t.kind IN ({listed}) OFFSET 0
                    ) next
                ) SELECT 1 FROM onward WHERE id = NEW.{start}
            ) THEN
                RAISE EXCEPTION '{only_one} of the other: remove the relation that leads back.'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_leads_one_way';
            END IF;
            RETURN NULL;
        """,
    )


def no_cycle(table: str, noun: str) -> pgtrigger.Trigger:
    """Forbid nesting something within itself, at any depth; asked step by step, like `one_way`."""
    return pgtrigger.Trigger(
        name="no_cycle",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
        condition=pgtrigger.Q(new__parent__isnull=False),
        func=f"""
            IF EXISTS (
                WITH RECURSIVE above(id, parent_id) AS (
                    SELECT id, parent_id FROM {table} WHERE id = NEW.parent_id
                    UNION SELECT next.id, next.parent_id FROM above CROSS JOIN LATERAL (
                        SELECT t.id, t.parent_id FROM {table} t WHERE t.id = above.parent_id OFFSET 0
                    ) next
                ) SELECT 1 FROM above WHERE id = NEW.id
            ) THEN
                RAISE EXCEPTION 'The {noun} % would lie within itself: choose a parent that is not below it.', NEW.key
                USING ERRCODE = 'check_violation', CONSTRAINT = '{noun}_lies_not_within_itself';
            END IF;
            RETURN NULL;
        """,
    )
