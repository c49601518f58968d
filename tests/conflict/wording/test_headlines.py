"""Headline figures in a sentence: always with their author, earlier figures and denials."""

import pytest
from django.utils import translation

from conflict.estimates import estimates
from conflict.wording import headlines
from conflict.wording.messages import one_language
from tests.documents import claim, described, event, finding, ref, relation

NAMES = {"army": "Malian Army", "csp": "CSP", "aqim": "AQIM", "belmokhtar": "Mokhtar Belmokhtar", "mnla": "MNLA"}


def named(*keys):
    return [{**ref("actor", key), "name": NAMES[key]} for key in keys]


def figure(key, low, high=None, qualifier="exact", by="csp", of="army", side="", **fields):
    return claim(
        key, low=low, high=low if high is None and qualifier in ("exact", "about") else high, qualifier=qualifier,
        claimant=named(by) if by in NAMES else [described(by)], subject=named(of) if of else [], claimant_side=side,
        **fields,
    )  # fmt: skip


def told(*claims, findings=(), **fields):
    for one in claims:
        one.setdefault("claimant_side", "")
        one["related_from"] = [
            {"kind": line["kind"], "claim": {"kind": "claim", "key": other["key"], "name": other["statement"]}}
            for other in claims
            for line in other["relations"]
            if line["claim"]["key"] == one["key"]
        ]
    _, shown = event("raid", claims=list(claims), findings=list(findings))
    found = [{**estimate.as_dict(), **fields} for estimate in estimates(shown["claims"])]
    return headlines.text({**shown, "estimates": found})


class TestAHeadline:
    def test_names_who_says_it_on_which_side_what_they_said_before_and_who_gives_no_figure(self):
        said = told(
            figure("first", 98),
            figure("later", 81, side="attacking", relations=[relation("revises", "first")]),
            claim("silent", kind="no_comment", measure="", stance="neither", claimant=named("army"), relations=[relation("leaves_open", "first")]),
        )  # fmt: skip

        assert said == ("Malian Army: 81 killed, says CSP, the attacker (first 98); the Malian Army gives no figure.")

    def test_says_that_accounts_differ_and_whose_each_is(self):
        said = told(
            figure("source", 12, qualifier="at_least", by="a Malian security source", of="mnla"),
            figure("own", 0, by="mnla", of="mnla"),
        )

        assert said == (
            "MNLA: 0–12 or more killed: accounts differ (none (0), says MNLA of its own side; at least 12, says a Malian security source)."
        )

    def test_sets_words_that_bear_a_number_out_beside_it(self):
        dozens = figure("dozens", None, qualifier="dozens", by="witnesses")

        assert told(dozens, figure("counted", 46, by="one witness")) == (
            "Malian Army: 46 killed, says one witness; “dozens”, say witnesses."
        )
        assert ": accounts differ (" in told(dozens, figure("counted", 3, by="one witness"))

    def test_says_one_figure_told_twice_as_one(self):
        assert told(figure("a", 2, by="csp"), figure("b", 2, by="aqim")) == "Malian Army: 2 killed, say CSP and AQIM."

    def test_tells_of_a_person_by_name_and_of_who_denies_it(self):
        said = told(
            figure("dead", 1, by="Chadian state television", of="belmokhtar"),
            claim("alive", kind="denial", measure="", negated=True, stance="denies", claimant=named("aqim"), relations=[relation("denies", "dead")]),
            is_person=True,
        )  # fmt: skip

        assert said == "Mokhtar Belmokhtar killed, says Chadian state television; AQIM denies it."

    @pytest.mark.parametrize("by", ["dozen", "nine"])
    def test_tells_what_is_counted_otherwise_against_it(self, by):
        rival = [relation("contradicts", "dozen" if by == "nine" else "nine")]
        wounded = claim(
            "nine", "The MNLA says that it had only nine wounded.", measure="wounded", low=9, high=9,
            claimant=named("mnla"), subject=named("mnla"), relations=rival if by == "nine" else [],
        )  # fmt: skip
        said = told(
            figure("dozen", 12, qualifier="at_least", of="mnla", relations=rival if by == "dozen" else []), wounded
        )

        assert said == "MNLA: at least 12 killed, says CSP; but: The MNLA says that it had only nine wounded."

    def test_keeps_the_whole_episode_apart_from_the_event(self):
        said = told(figure("assault", 7, by="csp", of=""), figure("crisis", 39, by="csp", of="", scope="episode"))

        assert said == "39 killed in the whole episode, says CSP. 7 killed, says CSP."

    def test_says_by_which_rule_a_finding_decides(self):
        said = told(
            figure("a", 80), figure("b", 90, by="aqim"),
            findings=[finding("decided", low=80, best=85, high=90, subject=named("army"), rule="editors_judgement")],
        )  # fmt: skip

        assert said == (
            "Malian Army: 85 killed, our finding (rule: editor's judgement); accounts: 80, says CSP; 90, says AQIM."
        )

    def test_says_a_decided_lower_bound_as_one(self):
        decided = [finding("decided", low=8, subject=named("army"), rule="single_claim")]

        assert told(figure("own", 8, by="army"), findings=decided).startswith("Malian Army: at least 8 killed, says")

    def test_says_words_where_nobody_gave_a_number(self):
        assert told(claim("a", qualifier="dozens", claimant=named("csp"))) == "Dozens killed, says CSP."

    @pytest.mark.parametrize(
        ("low", "words"),
        [(1, "Malian Army\u00a0: 1 mort, selon CSP."), (81, "Malian Army\u00a0: 81 morts, selon CSP.")],
    )
    def test_is_said_in_french(self, low, words):
        with translation.override("fr"):
            assert told(figure("a", low)) == words

    def test_is_never_without_an_author(self):
        assert told(claim("a", low=3, high=3, qualifier="exact", claimant=[])) == "3 killed, says somebody unnamed."

    @pytest.mark.parametrize(("tag", "month", "rule"), [("fr", "janvier–", "affirmation unique"), ("en", "January–", "single claim")])  # fmt: skip
    def test_is_in_one_language_whoever_publishes_it(self, tag, month, rule):
        decided = finding("decided", low=8, subject=named("army"), rule="single_claim")

        with translation.override("de"), one_language(tag):
            assert f"({month}" in told(figure("a", 3, scope="period", scope_when="2019-01/2019-03"))
            assert f"{rule})" in told(figure("a", 8), findings=[decided])
