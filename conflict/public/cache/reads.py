"""Reads of an answer: the queries it asked of the record, with digests of what they returned.

An answer is a function of what it read. After a publication its reads are repeated: if all return the same, the answer
is what would be made anew, and stays. So nothing has to say by hand what an answer depends on, and nothing can be
forgotten: a withdrawal, a redaction or a new name shows in the results of those queries that it concerns.

The head of the log is left out, because every answer depends on it in the same way. An answer that shows more of the
head than the common frame does is never kept beyond it: `depends_on_head`.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import connections
from psycopg import ServerCursor
from psycopg.pq import ExecStatus

from conflict.public.head import ALIAS, Head, head

Execute = Callable[[Any, Any, bool, dict[str, Any]], Any]


Digest = tuple[int, int]  # number of rows, and a hash of them under the secret that this process draws when it starts


class Query(NamedTuple):
    """A query of the readers' login, and what it returned."""

    sql: Any
    parameters: Any
    digest: Digest

    def holds(self, _head: Head) -> bool:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(self.sql, self.parameters)
            return _digest(cursor, self.sql) == self.digest


class Value(NamedTuple):
    """Version of what is kept by itself, such as a count over the whole record, and how to ask for it under a head."""

    ask: Callable[[Head], int]
    version: int

    def holds(self, head: Head) -> bool:
        return self.ask(head) == self.version


Read = Query | Value | None


class Reads:
    """Queries made under one head, in order, with their results; `None` stands for one that cannot be repeated."""

    def __init__(self, head: Head | None = None, *, is_open: bool = True) -> None:
        self.head = head  # the latest under which they are known to hold
        self.is_open = is_open
        self.all: list[Read] = []

    @property
    def may_hold(self) -> bool:
        return None not in self.all

    def hold(self, head: Head | None = None) -> bool:
        """Return True if everything would be read as it was, under this head of the log or the one that is recorded under."""
        if not self.all:
            return True
        head = head or shown_head()
        if self.head != head:
            with unrecorded():
                if not all(read is not None and read.holds(head) for read in self.all):
                    return False
            self.head = head
        return True

    @property
    def size(self) -> int:
        """Approximate bytes of memory."""
        return sum(200 + len(str(read.parameters)) if isinstance(read, Query) else 200 for read in self.all)


_current: ContextVar[Reads | None] = ContextVar("reads", default=None)


@contextmanager
def recording(head: Head | None = None) -> Iterator[Reads]:
    """Context manager that collects what this thread reads. Whoever records around it has to `note` these reads."""
    outer = _current.get()
    reads = Reads(head or (outer.head if outer else None))
    with ExitStack() as stack:
        if outer is None:
            for connection in {id(connections[alias]): connections[alias] for alias in connections}.values():
                stack.enter_context(connection.execute_wrapper(_record))
        token = _current.set(reads)
        try:
            yield reads
        finally:
            _current.reset(token)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Context manager for reads that say nothing about the answer, such as that of the head that a cache goes by."""
    current = _current.get()
    token = _current.set(Reads(current.head, is_open=False) if current else None)
    try:
        yield
    finally:
        _current.reset(token)


def note(*reads: Read) -> None:
    if (current := _current.get()) and current.is_open:
        current.all += reads


def depends_on_head() -> None:
    """Note that the answer shows the head of the log itself, so that every publication changes it."""
    note(None)


def shown_head() -> Head:
    """Head under which this thread records, or the current one."""
    current = _current.get()
    return current.head if current and current.head else current_head()


def current_head() -> Head:
    """Head of the log, for a cache to go by."""
    with unrecorded():
        return head()


def _record(execute: Execute, sql: Any, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute wrapper of Django: notes the query and what it returned."""
    result = execute(sql, parameters, many, context)
    if (current := _current.get()) and current.is_open:
        is_readers = context["connection"] is connections[ALIAS]
        digest = _digest(context["cursor"], sql) if is_readers and not many else None
        text = sys.intern(sql) if type(sql) is str else sql  # one copy, however many answers asked it
        current.all.append(Query(text, parameters, digest) if digest else None)
    return result


def _digest(cursor: Any, sql: Any) -> Digest | None:
    """Digest of all rows of the result as the server sent them; None where there are none to be had yet, or ever.

    Where the query asks for no order, the server may send the same rows in another one.
    """
    own = cursor.cursor
    result = None if isinstance(own, ServerCursor) else own.pgresult
    if result is None or result.status != ExecStatus.TUPLES_OK:
        return None
    value, columns = result.get_value, range(result.nfields)
    rows = [hash(tuple([value(row, column) for column in columns])) for row in range(result.ntuples)]
    return len(rows), hash(tuple(rows)) if "ORDER BY" in str(sql) else sum(rows)
