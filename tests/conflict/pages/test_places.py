import pytest

from tests import documents as doc

pytestmark = pytest.mark.usefixtures("record")


class TestWhoHeldItWhen:
    def test_sets_claims_denials_and_told_events_on_one_line_of_time(self, client):
        holding = client.get("/places/konna/").context["holding"]

        assert [one.claim["key"] if one.claim else one.event["key"] for one in holding.told] == [
            "konna-taken",
            "regained",
            "not-regained",
        ]
        assert [stretch.look for stretch in holding.stretches] == ["told", "own", "denied"]

    def test_fills_nothing_in_between(self, client):
        holding = client.get("/places/konna/").context["holding"]

        assert len(holding.gaps) == 1, "from the 14th to the 15th nobody says anything"

    def test_is_not_shown_where_nobody_says(self, read):
        assert "Who held it when" not in read("/places/menaka/")

    def test_gives_years_of_silence_less_room_than_they_took(self, client):
        later = doc.event(
            "konna-later",
            "Konna changes hands again",
            when="2023-01-10",
            place="konna",
            kind="territorial_change",
            participants=[doc.participant("army", "attacker")],
        )
        doc.published([later], at=doc.NOON.replace(hour=13))

        holding = client.get("/places/konna/").context["holding"]

        widths = [float(width.rstrip("%")) for _x, width in holding.gaps]
        assert widths == sorted(widths)
        assert widths[-1] < 75, "ten years, and the days before them can still be read"


class TestPlaces:
    def test_stand_below_what_contains_them(self, client):
        (country,) = client.get("/places/").context["tree"]

        assert [child["row"].key for child in country["children"]] == ["konna", "menaka"]
        assert country["children"][0]["number"] == 3


class TestAnActor:
    def test_is_shown_with_names_affiliations_and_figures_side_by_side(self, read):
        page = read("/actors/mojwa/")

        assert "MUJAO" in page
        assert "Splinter of" in page
        assert "Said about Movement for Oneness and Jihad, by whom" in page

    def test_is_told_how_others_stand_to_it(self, read):
        assert "splinter of" in read("/actors/aqim/")


class TestASource:
    def test_lists_what_cites_it(self, read):
        page = read("/sources/cite-226/")

        assert "Dead around Konna" in page
        assert "One witness counted 46." in page


class TestDisputes:
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

        assert page.index("A figure may be wrong.") < page.index("Settled</h2>") < page.index("It may be out of date.")
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
