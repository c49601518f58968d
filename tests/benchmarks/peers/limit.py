"""Limit: the same SQL through psycopg, written straight to a WSGI response. Nothing above the driver can be faster."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import psycopg

HEAD = "SELECT number, sha256 FROM record_publication ORDER BY number DESC LIMIT 1"
PAGE = (
    "SELECT sorts_on, key, body FROM record_publishedevent"
    " WHERE sorts_on >= %s AND (sorts_on > %s OR key > %s) ORDER BY sorts_on, key LIMIT 101"
)
_of_thread = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    connection = getattr(_of_thread, "connection", None)
    if connection is None:
        connection = _of_thread.connection = psycopg.connect(os.environ["PUBLIC_DATABASE_URL"], autocommit=True)
    day, _, key = parse_qs(environ["QUERY_STRING"]).get("after", ["0001-01-01~"])[0].partition("~")
    connection.execute(HEAD).fetchone()
    rows = connection.execute(PAGE, [day, day, key]).fetchall()
    answer = f'{{"results":[{",".join(row[2] for row in rows[:100])}]}}'.encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]
