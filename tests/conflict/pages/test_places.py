import pytest

from tests import documents as doc

pytestmark = pytest.mark.usefixtures("record")


class TestWhoHeldItWhen:
    def test_sets_claims_and_denials_on_one_line_of_time(self, client):
        holding = client.get("/places/konna/").context["holding"]

        assert [one.claim["key"] for one in holding.accounts] == ["regained", "not-regained"]
        assert [bar.look for bar in holding.bars] == ["own", "denied"]
        assert [bar.teller for bar in holding.bars] == ["the Malian Army", "France"]

    def test_takes_nobody_for_a_holder_who_only_attacked(self, client):
        holding = client.get("/places/konna/").context["holding"]

        assert {line.name for line in holding.lines} == {"Malian Army"}

    def test_fills_nothing_in_between(self, client):
        holding = client.get("/places/konna/").context["holding"]

        assert len(holding.gaps) == 1, "from the 14th to the 15th nobody says anything"

    def test_is_not_shown_where_nobody_says(self, read):
        assert "Who held it when" not in read("/places/menaka/")


class TestPlaces:
    def test_stand_below_what_contains_them(self, client):
        (country,) = client.get("/places/").context["tree"]

        assert [child["row"]["key"] for child in country["children"]] == ["konna", "menaka"]
        assert country["children"][0]["number"] == 3


class TestTheTownsByQuarter:
    def test_lead_from_each_cell_to_an_account(self, client):
        matrix = client.get("/places/").context["matrix"]

        assert [(column.year, column.quarter) for column in matrix.columns] == [(2013, 1)]
        assert [[(one.claim["key"], one.is_denial) for one in row.cells[0]] for row in matrix.rows] == [
            [("regained", False), ("not-regained", True)]
        ]
        assert 'href="/claims/not-regained/"' in client.get("/places/").content.decode()


class TestTheLineage:
    def test_dots_what_is_not_dated_and_tells_it_in_a_table(self, client):
        doc.published(
            [
                doc.actor("union", "Union of Both", affiliations=[], kind="coalition"),
                doc.actor(
                    "aqim",
                    "Al-Qaeda in the Maghreb",
                    affiliations=[doc.affiliation("merged_into", "union", when="2013-08")],
                ),
                doc.actor("unit", "A battalion", affiliations=[doc.affiliation("splinter_of", "aqim", when="")]),
            ],
            at=doc.NOON.replace(hour=13),
        )

        answer = client.get("/actors/")

        lineage = answer.context["lineage"]
        assert {(b.actor.key, b.kind.value, b.other.key, b.is_dated) for b in lineage.branches} == {
            ("mojwa", "splinter_of", "aqim", True),
            ("unit", "splinter_of", "aqim", False),
            ("aqim", "merged_into", "union", True),
        }
        assert next(lane for lane in lineage.lanes if lane.key == "aqim").end != "100%"
        assert answer.content.decode().count('<line class="dotted"') == len(lineage.lanes) + 1

    def test_stands_above_the_actors_of_each_family_by_number_of_events(self, client):
        families = client.get("/actors/").context["by_family"]

        assert [(family.value, [(one.row.key, one.number) for one in listed]) for family, listed in families][:2] == [
            ("state", [("army", 3)]),
            ("jihadist", [("mojwa", 2), ("aqim", 0)]),
        ]


class TestAnActor:
    def test_is_shown_with_names_affiliations_and_figures_side_by_side(self, read):
        page = read("/actors/mojwa/")

        assert "MUJAO" in page
        assert "Splinter of" in page
        assert page.count('<line class="tie ') == 1  # drawn as well as listed
        assert "Said about the Movement for Oneness and Jihad, by whom" in page

    def test_is_told_how_others_stand_to_it(self, read):
        assert "splinter of" in read("/actors/aqim/")


class TestASource:
    def test_lists_what_cites_it(self, read):
        page = read("/sources/cite-226/")

        assert "Dead around Konna" in page
        assert "One witness counted 46." in page


class TestDisputes:
    def test_set_one_account_against_another_in_a_row_of_each_event(self, client):
        rivals = client.get("/disputes/").context["rivals"]

        told = {row.event["key"]: (row.question, [(side.who, side.answer) for side in row.sides]) for row in rivals}
        assert told == {
            "konna-dead": (
                "Killed: Movement for Oneness and Jihad",
                [("One witness says", "46"), ("The Malian Army says", "more than 100")],
            ),
            "konna-denied": (
                "Who holds Konna",
                [
                    ("Another account:", "Konna is back in army hands."),
                    ("France:", "The army has not retaken Konna."),
                ],
            ),
        }

    def test_are_open_or_settled_with_reason_and_dates(self, read):
        at = doc.ref("event", "konna-dead")
        doc.published(
            [
                doc.notice("open-one", "A figure may be wrong.", kind="disputed", raised_on="2026-01", target=at),
                doc.notice(
                    "settled-one",
                    "It may be out of date.",
                    kind="disputed",
                    raised_on="2025-05-02",
                    resolved_on="2025-06-01",
                    resolution="Rejected: the figure stands.",
                    target=at,
                ),
            ],
            at=doc.NOON.replace(hour=13),
        )

        page = read("/disputes/")

        assert page.index("A figure may be wrong.") < page.index("Settled</h3>") < page.index("It may be out of date.")
        assert "Settled 1 June 2025:" in page
        assert "Rejected: the figure stands." in page
        assert "/events/konna-dead/" in page


class TestNotices:
    def test_stand_under_the_month_they_were_raised_in(self, read):
        page = read("/notices/")

        assert page.index("August 2018</h2>") < page.index("Expand this.") < page.index("September 2024</h2>")

    def test_stand_oldest_first(self, read):
        page = read("/notices/")

        assert page.index("Expand this.") < page.index("Most sources date")
