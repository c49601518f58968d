"""Findings that decide a figure: the sentence of the event, its page and its total say the same."""

import pytest

from conflict.estimates import estimates
from conflict.public.claim_groups import finding_figure, matters
from conflict.totals import counts_of, total
from conflict.wording.headlines import headlines
from tests.documents import claim, event, finding, ref

FIGURES = {
    "a best figure alone": ({"best": 81}, "81", "81 killed", (81, 81, 81, False)),
    "a range": ({"low": 70, "high": 98}, "70–98", "70–98 killed", (70, 98, None, False)),
    "a range with a best figure": (
        {"low": 70, "best": 81, "high": 98},
        "81 (range 70–98)",
        "81 killed",
        (70, 98, 81, False),
    ),
    "a lower bound": ({"low": 8}, "at least 8", "At least 8 killed", (8, 8, None, True)),
    "an upper bound": ({"high": 10}, "up to 10", "Up to 10 killed", (None, 10, None, False)),
    "a best figure and a lower bound": ({"low": 70, "best": 81}, "81 (range 70–81)", "81 killed", (70, 81, 81, False)),
    "a best figure and an upper bound": (
        {"best": 81, "high": 98},
        "81 (range 81–98)",
        "81 killed",
        (81, 98, 81, False),
    ),
    "nobody": ({"best": 0}, "0", "Nobody killed", (0, 0, 0, False)),
}


def raid(*findings):
    """Body of an event of whose army two claims count the dead, and a third one those of the whole episode."""
    army = {"subject": [ref("actor", "army")], "qualifier": "exact"}
    claims = [
        claim("one", low=20, high=20, **army),
        claim("other", low=120, high=120, **army),
        claim("crisis", low=900, high=900, scope="episode", **army),
    ]
    _, shown = event("raid", claims=claims, findings=list(findings))
    for found in shown["claims"] + shown["findings"]:
        for party in (*found["subject"], *found.get("claimant", ())):
            party.setdefault("name", "Army")
    for said in shown["claims"]:
        said["related_from"] = []
    return {**shown, "estimates": [estimate.as_dict() for estimate in estimates(shown["claims"])]}


def decided(key="decided", **bounds):
    return finding(key, subject=[ref("actor", "army")], **{"low": None, "best": None, "high": None, **bounds})


class TestAFinding:
    @pytest.mark.parametrize(("bounds", "figure", "sentence", "counted"), FIGURES.values(), ids=FIGURES)
    def test_gives_one_figure_everywhere(self, bounds, figure, sentence, counted):
        body = raid(decided(**bounds))
        counts = [count for count in counts_of(body, "killed") if count.scope == "event"]
        whole = total(counts)

        assert finding_figure(body["findings"][0]) == figure
        assert sentence.lower() in headlines(body)[1].lead.lower()
        assert (whole.low, whole.high, whole.best, whole.is_open_above) == counted

    def test_decides_nothing_of_a_whole_episode(self):
        body = raid(decided(best=81))
        episode = next(count for count in counts_of(body, "killed") if count.scope == "episode")

        assert (episode.low, episode.is_decided) == (900, False)
        assert "900" in headlines(body)[0].lead
        assert [len(matter.findings) for matter in matters(body)] == [0, 1]

    def test_decides_alone_where_two_were_published_before_that_was_refused(self):
        body = raid(decided("first", best=81), decided("second", best=90))

        assert next(count.best for count in counts_of(body, "killed") if count.is_decided) == 81
        assert "81 killed" in headlines(body)[1].lead
