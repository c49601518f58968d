"""Unmodified scripts for other data sets: the PyPI package acled, and two loops that read UCDP."""

import json
from datetime import UTC, datetime

import pytest

from tests.conflict.api.test_compatibility import GEOREFERENCED
from tests.documents import withdrawn

ACLED = """
import json
from acled import AcledClient
client = AcledClient(api_key="anything", email="reader@example.org")
rows = client.get_data(country="Mali", limit=20, query_params={"event_date": "2013-01-01|2013-12-31", "event_date_where": "BETWEEN"})
more = client.get_data(country="Mali", limit=20, page=2, fields="event_id_cnty|event_date")
gone = client.get_deleted_data(limit=10)
types = [row["actor_type_name"] for row in client.get_actor_type_data()]
forecasts = client.get_cast_data(country="Mali")
sides = client.get_data(limit=500, export_type="monadic", timestamp="2020-01-01")
print(json.dumps([len(rows), rows[0]["event_date"].isoformat(), len(more), sorted(more[0]), gone, types, forecasts, len(sides)]))
"""
# As the official recipe counts (from 0, through TotalPages), as others walk back from the last page, and as others follow
# the next page from page 1 on.
UCDP = """
import json, sys
import requests
url, size = sys.argv[1], int(sys.argv[2])
first = requests.get(url, params={"pagesize": size, "page": 0}).json()
counted = [row["id"] for page in range(first["TotalPages"] + 1)
           for row in requests.get(url, params={"pagesize": size, "page": page}).json()["Result"]]
walked = [row["id"] for page in range(first["TotalPages"] - 1, -1, -1)
          for row in requests.get(url, params={"pagesize": size, "page": page}).json()["Result"]]
followed, page = [], requests.get(url, params={"pagesize": size, "page": 1}).json()
while True:
    followed += [row["id"] for row in page["Result"]]
    if page["NextPageUrl"] == "":
        break
    page = requests.get(page["NextPageUrl"]).json()
print(json.dumps([first["TotalCount"], counted, walked, followed]))
"""


@pytest.mark.django_db(transaction=True)
class TestTheClientOfAcled:
    def test_works_unmodified(self, run, site, war):
        withdrawn("event", "rivals", datetime(2026, 3, 5, tzinfo=UTC))

        ran = run("python", "-c", ACLED, ACLED_API_HOST=f"{site}/compatibility/dyadic")

        assert ran.returncode == 0, ran.stderr
        assert json.loads(ran.stdout.splitlines()[-1]) == [
            20,
            "2013-01-01",
            5,
            ["event_date", "event_id_cnty"],
            [{"event_id_cnty": "rivals", "deleted_timestamp": 1772668800}],
            ["State forces", "Rebel group", "Civilians"],
            [],
            2 * 26 - 1,
        ]

    def test_is_read_by_r_and_pandas_as_csv(self, run, site, war):
        question = "key=x&email=a&country=Mali:OR:Niger&inter_num=0&timestamp=&population=full&limit=0"
        script = f"import pandas; print(len(pandas.read_csv('{site}/compatibility/dyadic/acled/read.csv?{question}')))"

        assert run("python", "-c", script).stdout.split() == ["25"]


@pytest.mark.django_db(transaction=True)
class TestTheLoopsOfUcdp:
    @pytest.mark.parametrize("size", [7, 13, 1000])
    def test_collect_exactly_the_total(self, run, site, war, size):
        ran = run("python", "-c", UCDP, f"{site}/{GEOREFERENCED}", str(size))

        assert ran.returncode == 0, ran.stderr
        total, counted, walked, followed = json.loads(ran.stdout)
        assert sorted(counted) == sorted(walked) == sorted(followed)
        assert len(set(counted)) == len(counted) == total == 26
