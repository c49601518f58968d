"""Request every page of the desk in this process, and print queries, rows read and seconds of each as JSON.

Rows read are those that PostgreSQL says it looked at (EXPLAIN ANALYZE), whichever plan it chose: they do not depend on
what else the machine does.
"""

import json
import re
import sys
import time
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from django.contrib import admin  # noqa: E402
from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from editorial.models import User  # noqa: E402
from tests.benchmarks.desk_addresses import addresses  # noqa: E402
from tests.desk import just_signed_in  # noqa: E402

REPEATS = 3
BOUNDED = re.compile(r"COUNT\(\*\).*FROM \(SELECT .*LIMIT \d+", re.DOTALL)  # counts so far and no further


def asked(client: Client, path: str) -> dict[str, Any] | None:
    """None for an address that leads elsewhere or only takes forms."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    said = [query["sql"] for query in queries]  # now: the next request throws them away
    if answer.status_code >= 500:
        raise SystemExit(f"{path} is answered by {answer.status_code}.")
    if answer.status_code != 200:
        return None
    counts = [sql for sql in said if "COUNT(*)" in sql and "WHERE" not in sql and not BOUNDED.search(sql)]
    seconds = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        client.get(path)
        seconds.append(time.perf_counter() - begun)
    return {"queries": len(said), "counts": len(counts), "seconds": seconds, "rows": sum(map(rows_read, said))}


def rows_read(sql: str) -> int:
    if not sql.lstrip("( ").startswith(("SELECT", "WITH")) or " FOR " in sql[-60:]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql.replace('%', '%%')}", ())
        ((plan,),) = cursor.fetchone()
    return sum(_looked_at(plan["Plan"]))


def _looked_at(node: dict[str, Any]) -> Iterator[int]:
    if "Relation Name" in node or "Index Name" in node:
        removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        yield int((node["Actual Rows"] + removed) * node["Actual Loops"])
    for below in node.get("Plans", []):
        yield from _looked_at(below)


def main() -> None:
    # No static files are gathered for a measurement.
    staticfiles_storage._wrapped = StaticFilesStorage()
    with transaction.atomic():  # the account is gone afterwards
        user = User.objects.create_superuser("bench", password="not-asked-for")
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        just_signed_in(client, user)
        found = {}
        for address in addresses(admin.site, user):
            if page := asked(client, address.path):
                found[address.name] = {"kind": address.kind, "path": address.path, **page}
        sys.stdout.write(json.dumps(found) + "\n")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
