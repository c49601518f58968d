"""A server that is known to be down is not waited for."""

import socket

import psycopg
import pytest
from django.db import OperationalError

from conflict.postgres import base, circuit
from conflict.postgres.circuit import RESTS_FOR, Circuit, Down


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class TestACircuit:
    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def broken(self, clock):
        found = Circuit(clock)
        found.enter()
        found.failed()
        return found

    def test_lets_everybody_try_while_the_server_answers(self):
        found = Circuit()
        found.enter()
        found.succeeded()

        found.enter()
        found.enter()

    def test_refuses_at_once_after_a_failure(self, broken):
        with pytest.raises(Down, match="tried again in a few seconds"):
            broken.enter()

    def test_lets_one_try_again_after_a_rest_and_the_others_once_it_has_succeeded(self, broken, clock):
        clock.now += RESTS_FOR

        broken.enter()
        with pytest.raises(Down):
            broken.enter()
        broken.succeeded()
        broken.enter()


@pytest.fixture
def silent_server():
    """Accepts connections and never says a word, as a server that hangs."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


class TestADatabaseThatHangs:
    def test_holds_up_the_first_request_and_not_the_next(self, silent_server, monkeypatch):
        monkeypatch.setattr(circuit.circuits, "default_factory", Circuit)
        settings = {
            "ENGINE": "conflict.postgres", "NAME": "x", "USER": "x", "PASSWORD": "", "HOST": "127.0.0.1",
            "PORT": str(silent_server), "OPTIONS": {"connect_timeout": 2}, "TIME_ZONE": None, "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False,
        }  # fmt: skip
        database = base.DatabaseWrapper(settings, "hanging")
        with pytest.raises((OperationalError, psycopg.OperationalError)) as first:
            database.connect()
        assert not isinstance(first.value, Down)

        with pytest.raises((OperationalError, psycopg.OperationalError)) as second:
            database.connect()

        assert isinstance(second.value, Down)
        assert issubclass(Down, psycopg.OperationalError)
