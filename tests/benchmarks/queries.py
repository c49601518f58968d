"""Queries at scale: the same ones on 350 events and on many, one after the other, and what they scan."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from urllib.parse import quote_plus

from conflict.postgres.names import SUPERUSER
from tests.benchmarks import servers
from tests.benchmarks.client import Conversation, question
from tests.benchmarks.databases import Database
from tests.benchmarks.measuring import Figure, once, spread, unlike_any
from tests.benchmarks.reading import OURS, PAGE
from tests.benchmarks.world import KINDS, PHASES, World

GROUP = "Questions, time over that of 350 events"
LARGE = ("record_publishedevent", "record_publishedclaim", "record_publication", "record_publishedsource", "record_publishedclaimparty", "record_publishedeventactor", "record_publishedeventlocation", "record_publishedreference", "record_publishedparticipation")  # fmt: skip
WORDS = ("patrol", "chauffeurs", "reinforcements", "bétail market", "gunfire dawn", "health bandages", "communiqué")
# Pages made mostly of lines and charts that a process knows once it has shown them: asked twice, from two addresses.
RENDERED = ("website, list of an actor's events", "map of a year")
NUMBERS = count(1)
FEW = 5  # rows that 350 events fill, too, for most actors: otherwise it is the lengths of pages that are compared
Ask = Callable[[World, random.Random], str]
QUESTIONS: dict[str, Ask] = {
    "by actor": lambda world, chance: f"/api/v1/events/?page_size={FEW}&actor={world.actor_key(world.popular_actors.choice(chance))}",
    "by place and all within it": lambda world, chance: f"/api/v1/events/?place=place-{chance.randrange(1, 60)}",
    "by period": lambda world, chance: f"/api/v1/events/?period=period-{chance.randrange(len(PHASES) * 5)}",
    "by kind": lambda world, chance: f"/api/v1/events/?kind={chance.choice(tuple(KINDS))}",
    "by dates": lambda world, chance: "/api/v1/events/?after={0}-{1:02}&before={0}-{1:02}".format(chance.randrange(2012, 2025), chance.randrange(1, 13)),
    "actor, place and kind": lambda world, chance: f"/api/v1/events/?actor={world.actor_key(chance.randrange(12))}&place=place-{chance.randrange(1, 11)}&kind={chance.choice(('battle', 'attack'))}",
    "by words": lambda world, chance: f"/api/v1/events/?search={quote_plus(chance.choice(WORDS))}+{quote_plus(world.location_name(60 + chance.randrange(40)))}",
    "by common words": lambda world, chance: f"/api/v1/events/?search={quote_plus(chance.choice(WORDS))}",
    "claims by claimant": lambda world, chance: f"/api/v1/claims/?page_size={FEW}&claimant={world.actor_key(world.popular_actors.choice(chance))}",
    "claims above a number": lambda world, chance: f"/api/v1/claims/?measure=killed&at_least={chance.randrange(5, 50)}",
    "a late page": lambda world, chance: f"/api/v1/events/?starting_after={world.event_key(chance.randrange(world.events))}",
    "website, search": lambda world, chance: f"/search/?q={quote_plus(chance.choice(WORDS).split()[0])}+{quote_plus(world.location_name(60 + chance.randrange(40)))}",
    "website, list of an actor's events": lambda world, chance: f"/chronology/?actor={world.actor_key(world.popular_actors.choice(chance))}",
    "map of a year": lambda world, chance: "/map/?from={0}&to={0}".format(chance.randrange(2012, 2025)),
    "map of everything": lambda world, chance: "/map/",
}  # fmt: skip


def measure(database: Database, small: Database, *, rounds: int, asked: int) -> Iterator[Figure]:
    with ExitStack() as running:
        large = running.enter_context(servers.granian(OURS, database.environment(), ready=PAGE))
        little = running.enter_context(servers.granian(OURS, small.environment(), ready=PAGE))
        read_into_memory(database)
        before = sequential_scans(database)
        for name, ask in QUESTIONS.items():
            is_rendered = name in RENDERED
            medians, tails, unknown, raw = [], [], [], {}
            for number in range(rounds):
                waits: dict[str, list[float]] = {}
                first: dict[str, list[float]] = {}
                for which, server in (("large", large), ("small", little)):
                    world = World((database if which == "large" else small).events, database.seed)
                    chance = random.Random(f"{name} {number}")  # noqa: S311
                    paths = [ask(world, chance) for _ in range(asked)]
                    if is_rendered:
                        first[which] = one_by_one(server.port, list(dict.fromkeys(paths)), known=0)
                    waits[which] = one_by_one(server.port, paths)
                if is_rendered:
                    unknown.append(statistics.median(first["large"]) / statistics.median(first["small"]))
                medians.append(statistics.median(waits["large"]) / statistics.median(waits["small"]))
                tails.append(_late(waits["large"]) / _late(waits["small"]))
                raw = {f"{which}, ms": statistics.median(found) * 1000 for which, found in waits.items()}
            yield spread(GROUP, f"{name}, median", medians, at_most=2, raw=raw)
            yield spread(GROUP, f"{name}, p99", tails, at_most=5)
            if is_rendered:
                yield spread(GROUP, f"{name}, of what was never shown before, median", unknown)
        after = sequential_scans(database)
        scanned = {table: after[table] - before[table] for table in LARGE if after[table] > before[table]}
        yield once(
            GROUP, "sequential scans of the large tables", sum(scanned.values()), unit="", at_most=0, raw=scanned
        )


def read_into_memory(database: Database) -> None:
    """The record as a machine has it that has been up for a while: in the memory of the system, where it fits into it."""
    with database.connect(SUPERUSER) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        connection.execute(
            "SELECT pg_prewarm(c.oid, 'read') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind IN ('r', 'i', 't') AND nspname IN ('public', 'pg_toast') AND relpages > 0"
            " AND relname NOT LIKE 'conflict\\_%%' AND relname NOT LIKE 'pghistory%%'"
        )


def one_by_one(port: int, paths: Sequence[str], *, known: int = 5) -> list[float]:
    """Seconds that each question waited for its answer; the first ones, which fill caches of the process, left out."""
    conversation, waits = Conversation(port), []
    for path in (*paths[:known], *paths):
        conversation.ask(
            unlike_any(question(path, port), next(NUMBERS))
        )  # or an answer that was kept would be measured
        while not conversation.read():
            pass
        if conversation.status != 200:
            raise RuntimeError(f"{path} is answered by {conversation.status}: {bytes(conversation.received)[-400:]!r}")
        waits.append(_lasted(conversation))
        if conversation.closes:
            conversation.hang_up()
    conversation.hang_up()
    return waits[known:]


def _lasted(conversation: Conversation) -> float:
    return time.perf_counter() - conversation.asked_at


def _late(waits: Sequence[float]) -> float:
    return sorted(waits)[min(len(waits) - 1, int(len(waits) * 0.99))]


def sequential_scans(database: Database) -> dict[str, int]:
    with database.connect() as connection:
        connection.execute("SELECT pg_sleep(1.1)")  # the counts of other sessions come in once a second
        rows = connection.execute("SELECT relname, seq_scan FROM pg_stat_user_tables").fetchall()
    return {str(name): int(str(number)) for name, number in rows}
