"""Request pages of the desk in this process, and print queries, counts, rows read and seconds of each as JSON.

All pages, or those whose name matches the regular expression PAGES. The standard input may hold, by name of page, how
many rows it is to show at most when its time and the rows it reads are measured.

Rows read are those that PostgreSQL says it looked at (EXPLAIN ANALYZE), whichever plan it chose: they do not depend on
what else the machine does. A query that ends at a limit, as a count of at most 10,000 does, may look at as many rows of
each table, since the limit does not grow: only what it reads beyond that is counted. Entries of an index from which a
bitmap is made are counted once, as the rows of that bitmap.
"""

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from django.contrib import admin  # noqa: E402
from django.contrib.admin.views.autocomplete import AutocompleteJsonView  # noqa: E402
from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from editorial.models import User  # noqa: E402
from editorial.site import NamedAutocomplete  # noqa: E402
from tests.benchmarks.desk_addresses import addresses  # noqa: E402
from tests.desk import just_signed_in  # noqa: E402

admin.autodiscover()

REPEATS = 3
BOUNDED = re.compile(r"COUNT\(\*\).*FROM \(SELECT .*LIMIT \d+", re.DOTALL)  # counts so far and no further
LIMIT = re.compile(r"LIMIT (\d+)")
COUNTED = re.compile(r'COUNT\(\*\).*?FROM "(\w+)"', re.DOTALL)  # the table


def asked(client: Client, path: str, at_most: int | None) -> dict[str, Any] | None:
    """None for an address that leads elsewhere or only takes forms."""
    _show()
    client.get(path)
    with CaptureQueriesContext(connection) as of_full_page:
        answer = client.get(path)
    said = [query["sql"] for query in of_full_page]  # now: the next request throws them away
    if answer.status_code >= 500:
        raise SystemExit(f"{path} is answered by {answer.status_code}.")
    if answer.status_code != 200:
        return None
    _show(at_most)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    rows = sum(rows_read(query["sql"]) for query in list(queries))
    seconds = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        client.get(path)
        seconds.append(time.perf_counter() - begun)
    return {
        "queries": len(said),
        "counts": [COUNTED.findall(sql)[0] for sql in said if _counts_whole_table(sql)],
        "shown": _rows_shown(answer),
        "seconds": seconds,
        "rows": rows,
    }


def _show(at_most: int | None = None) -> None:
    """Let lists and fields that complete themselves show this many rows, or as many as an editor sees."""
    for model_admin in admin.site._registry.values():
        usual = type(model_admin).list_per_page
        model_admin.list_per_page = usual if at_most is None else max(1, min(at_most, usual))
    usual = AutocompleteJsonView.paginate_by
    NamedAutocomplete.paginate_by = usual if at_most is None else max(1, min(at_most, usual))


def _rows_shown(answer: Any) -> int | None:
    """How many rows a list or a field that completes itself shows; None for any other page."""
    if answer["Content-Type"] == "application/json":
        return len(answer.json().get("results", ()))
    text = answer.content.decode()
    rows = text.partition('id="result_list"')[2].partition("</table>")[0].count("<tr")
    return max(0, rows - 1) if 'id="changelist"' in text else None  # without that of the columns' names


def _counts_whole_table(sql: str) -> bool:
    return "COUNT(*)" in sql and "WHERE" not in sql and not BOUNDED.search(sql)


def rows_read(sql: str) -> int:
    if not sql.lstrip("( ").startswith(("SELECT", "WITH")) or " FOR " in sql[-60:]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql.replace('%', '%%')}", ())
        ((plan,),) = cursor.fetchone()
    limit = max(map(int, LIMIT.findall(sql)), default=0)
    return sum(max(0, rows - limit) for rows in _looked_at(plan["Plan"]))


def _looked_at(node: dict[str, Any]) -> Iterator[int]:
    if "Relation Name" in node:
        removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        yield int((node["Actual Rows"] + removed) * node["Actual Loops"])
    for below in node.get("Plans", []):
        yield from _looked_at(below)


def _number_of_rows(tables: set[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        numbers = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            ((numbers[table],),) = cursor.fetchall()
    return numbers


def main() -> None:
    # No static files are gathered for a measurement.
    staticfiles_storage._wrapped = StaticFilesStorage()
    with transaction.atomic():  # the account is gone afterwards
        user = User.objects.create_superuser("bench", password="not-asked-for")
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        just_signed_in(client, user)
        shown = {} if sys.stdin.isatty() else json.loads(sys.stdin.read() or "{}")
        chosen = re.compile(os.environ.get("PAGES", ""))
        pages = {}
        for address in addresses(admin.site, user):
            if chosen.search(address.name) and (page := asked(client, address.path, shown.get(address.name))):
                pages[address.name] = {"kind": address.kind, "path": address.path, **page}
        counted = {table for page in pages.values() for table in page["counts"]}
        sys.stdout.write(json.dumps({"pages": pages, "tables": _number_of_rows(counted)}) + "\n")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
