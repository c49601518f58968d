"""Rival dates in the API and on the page of their event."""

from tests.documents import citation, claim, event, published, ref


class TestARivalDate:
    def test_stands_beside_the_date_of_the_event_and_makes_it_disputed(self, client, konna):
        published(
            [
                event(
                    "raid", "Raid", when="2019-06-10",
                    claims=[
                        claim("raid-army", "It was the ninth", kind="date", measure="", when="2019-06-09",
                              claimant=[ref("actor", "malian-army")], citations=[citation("cite-1")]),
                        claim("raid-afp", "It was the tenth", kind="date", measure="", when="2019-06-10",
                              claimant=[ref("actor", "afp")], citations=[citation("cite-2")]),
                    ],
                    findings=[{"key": "date", "aspect": "date", "measure": "", "subject": [], "low": None, "best": None,
                               "high": None, "grade": "fair", "rule": "most_authoritative", "citations": [], "claims": [],
                               "reason": "The agency had somebody there.", "translations": {}}],
                )
            ]
        )  # fmt: skip
        page = client.get("/events/raid/").content.decode()

        assert "Malian Army says: 9 June 2019" in page
        assert "Agence France-Presse says: 10 June 2019" in page
        assert page.count("The agency had somebody there.") == 2  # beside the date, and with the accounts
        assert [row["when"] for row in client.get("/api/v1/claims/?kind=date").json()["results"]] == [
            "2019-06-10",
            "2019-06-09",
        ]
        assert "raid" in [row["key"] for row in client.get("/api/v1/events/?disputed=true").json()["results"]]
        assert client.get("/api/v1/findings/?aspect=date").json()["results"][0]["event"]["key"] == "raid"
