"""Drawing of who held a place: what is contested, what is not known, and what is not drawn to scale."""

from conflict.public.charts.control_timeline import control_timeline
from tests.documents import claim, ref, relation

TOWN = ref("location", "town")


def held(key, when, *holders, by="witness", **fields):
    said_by = {**ref("actor", by), "name": by.title()}
    names = [{**ref("actor", holder), "name": holder.title()} for holder in holders]
    return {
        **claim(key, kind="control", measure="", claimant=[said_by], subject=[TOWN], holder=names, **fields),
        "event_when": when,
    }


def pieces(timeline):
    return {
        (bar.account.claim["key"], line.name): [(piece.is_contested, piece.fade) for piece in bar.pieces]
        for bar in timeline.bars
        for line in timeline.lines
        if line.y == bar.y
    }


class TestADrawingOfWhoHeldAPlace:
    def test_thins_the_contested_days_alone_on_the_line_of_each_holder_with_its_teller(self):
        drawn = control_timeline(
            [
                held("army", "2013-01-01/2013-01-20", "army"),
                held("rebels", "2013-01-10/2013-01-12", "rebels", by="rebels"),
            ]
        )

        assert pieces(drawn) == {
            ("army", "Army"): [(False, ""), (True, ""), (False, "")],
            ("rebels", "Rebels"): [(True, "")],
        }
        assert [(bar.teller, bar.look) for bar in drawn.bars] == [("Witness", "said"), ("Rebels", "own")]

    def test_takes_a_denial_for_a_rival_of_the_holder_it_names_and_of_no_other(self):
        drawn = control_timeline(
            [
                held("both", "2013-01-01/2013-01-03", "army", "rebels"),
                held("not-rebels", "2013-01-02", "rebels", negated=True),
            ]
        )

        assert pieces(drawn) == {
            ("both", "Army"): [(False, "")],
            ("both", "Rebels"): [(False, ""), (True, ""), (False, "")],
            ("not-rebels", "Rebels"): [(False, "")],
        }

    def test_fades_what_is_open_or_doubted_or_no_day(self):
        dates = {"2013-01-05": "", "2013-02": "both", "2013-03-01~/2013-03-05": "start", "2013-04-01/..": "end"}
        dates |= {
            "2013-05-01/2013-05": "end",
            "2013": "both",
            "../2013-06-01": "start",
            "{2013-07-01,2013-07-05}": "both",
        }

        for when, fade in dates.items():
            (one,) = control_timeline([held("one", when, "army")]).accounts
            assert one.fade == fade, when

    def test_draws_no_bar_for_a_deprecated_claim_and_lets_none_contest(self):
        drawn = control_timeline(
            [
                held("army", "2013-01-01/2013-01-03", "army"),
                held("army-later", "2013-01-05", "army"),
                held("rebels", "2013-01-02", "rebels", rank="deprecated", rank_reason="A misprint."),
            ]
        )

        assert pieces(drawn) == {("army", "Army"): [(False, "")], ("army-later", "Army"): [(False, "")]}
        assert [one.claim["key"] for one in drawn.accounts] == ["army", "rebels", "army-later"]

    def test_draws_no_bar_for_a_claim_that_another_revises(self):
        drawn = control_timeline(
            [
                held("army", "2013-01-01/2013-01-03", "army"),
                held("at-first", "2013-01-02", "rebels"),
                held("later", "2013-01-05", "rebels", relations=[relation("revises", "at-first")]),
            ]
        )

        assert pieces(drawn) == {("army", "Army"): [(False, "")], ("later", "Rebels"): [(False, "")]}
        assert [one.claim["key"] for one in drawn.accounts] == ["army", "at-first", "later"]

    def test_writes_the_length_of_each_cut_and_dates_no_closer_than_known(self):
        drawn = control_timeline(
            [held("first", "2012-01-01", "army"), held("next", "2012-06-01", "army"), held("last", "2023-12", "army")]
        )

        assert [(gap.words, gap.line) for gap in drawn.gaps] == [("5 months", 0), ("11 years", 1)]
        drawn = control_timeline([held("month", "2023-12", "army"), held("day", "2024-02-01", "army")])
        assert [tick.label for tick in drawn.ticks] == ["December 2023", "1 Feb 2024"]
