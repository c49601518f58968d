"""Figures for Prometheus, from one process; tests/scenarios/test_servers_that_die.py adds up several."""

import math
import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conflict.ops import counters, health, metrics

TOKEN = "a-token-of-the-monitoring"


@pytest.fixture
def wanted(settings):
    settings.METRICS_TOKEN = TOKEN


def scraped(client):
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@pytest.mark.django_db
class TestMetrics:
    @pytest.mark.parametrize("header", [None, "Bearer wrong", f"Basic {TOKEN}", "Bearer é"])
    def test_are_not_there_for_strangers(self, client, wanted, header):
        answer = client.get("/metrics", headers={"authorization": header} if header else {})

        assert answer.status_code == 404
        assert "chronology_" not in answer.content.decode()

    def test_are_not_there_unless_a_token_is_set(self, client, settings):
        settings.METRICS_TOKEN = ""

        assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404

    def test_count_requests_by_kind_and_status(self, client, wanted):
        before = scraped(client)

        client.get("/api/v1/nothing/")
        after = scraped(client)

        name = ("chronology_requests_total", "api", "404")
        assert after[name] == before.get(name, 0) + 1
        assert after["chronology_request_seconds_count", "api"] >= 1

    def test_tell_of_worker_log_and_deliveries(self, client, wanted, monkeypatch):
        (age,) = (gauge for gauge in metrics.gauges if gauge.name == "chronology_worker_age_seconds")
        monkeypatch.setattr(age, "question", metrics.Question(lambda: metrics.one(math.inf)))

        found = scraped(client)

        assert found["chronology_worker_age_seconds",] == math.inf
        assert found["chronology_log_head",] >= 0
        assert found["chronology_oldest_job_seconds",] >= 0
        assert found["chronology_failed_deliveries",] == found["chronology_overdue_submissions",] == 0

    def test_are_told_without_what_hangs(self, client, wanted, monkeypatch):
        answered = threading.Event()
        hanging = metrics.Gauge("log_head", "Hangs.", lambda: answered.wait(60) and [])
        monkeypatch.setattr(metrics, "gauges", [hanging, metrics.Gauge("other", "Answers.", lambda: metrics.one(5))])
        monkeypatch.setattr(health, "PATIENCE", 5)

        found = scraped(client)
        answered.set()

        assert found["chronology_other",] == 5
        assert found["chronology_figure_answered", "chronology_log_head"] == 0
        assert ("chronology_log_head",) not in found

    def test_cost_nothing_where_nobody_wants_them(self, settings, monkeypatch):
        settings.METRICS_TOKEN = ""
        monkeypatch.setattr(counters, "_made", [])

        counters.count_request("page", 200, 0.1)

        assert counters.counters() is None
