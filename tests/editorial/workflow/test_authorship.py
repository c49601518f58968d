"""Authorship, by content: people who typed, uploaded, moved, hid or revealed it."""

from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conflict.documents import entries as document_shapes
from conflict.models import Citation, Event, Source
from conflict.record.models import Publication, PublishedEvent
from conflict.vocabulary import ChangeKind, SourceAccess
from editorial.accounts.roles import Role
from editorial.workflow import disputes, permissions, publisher, review, submissions
from editorial.workflow.authorship import Edit, authors
from editorial.workflow.edit_history import PARENTS, authors_of
from editorial.workflow.exceptions import ApprovalVoid, FourEyes, NotPermitted
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of, person

NOON = MORNING + timedelta(hours=3)
LATER = MORNING + timedelta(hours=4)
ENTRY, OTHER = ("conflict.event", 1), ("conflict.event", 2)
CORRECTION = {"at": NOON, "title": "", "reason": "Better.", "change_kind": ChangeKind.CORRECTION}


@pytest.fixture
def second(db):
    return person("second", Role.MANAGING_EDITOR)


def authors_of_event(event):
    return authors_of([("event", event.key)])


def publish(event, author, reader, chief):
    made = submissions.submit(entries=[EntryChange("event", event.key)], by=author, **CORRECTION)
    review.approve(submission=made, by=reader, at=NOON)
    review.publish(submission=made, by=chief, at=NOON)


class TestAuthors:
    def test_are_still_known_after_a_withdrawal_of_the_entry(self, published, draft, author, reviewer, chief):
        with at_the_desk_of(reviewer):
            Event.objects.filter(pk=draft.pk).update(summary="Half done.")
        gone = submissions.retract(kind="event", key=draft.key, by=chief, at=NOON, reason="It never happened.")
        review.approve(submission=gone, by=reviewer, at=NOON)  # what they drafted is not part of a withdrawal
        review.publish(submission=gone, by=chief, at=NOON)

        assert authors_of_event(draft) == {reviewer.pk}

    def test_of_a_claim_that_was_moved_count_where_it_came_from_and_where_it_went(
        self, published, draft, author, reviewer, second
    ):
        other = an_event("2013-01-11-konna")
        publish(other, author, reviewer, second)
        with at_the_desk_of(reviewer):
            draft.claims.update(event=other)

        assert authors_of_event(draft) == {reviewer.pk}
        assert authors_of_event(other) == {reviewer.pk, author.pk}

    def test_are_those_who_take_something_out_of_what_nobody_else_has_read(self, draft, author, reviewer, chief):
        publisher.publish_baseline(at=MORNING)
        other = an_event("2013-01-11-konna")
        with at_the_desk_of(reviewer):
            draft.claims.update(event=other)
        with at_the_desk_of(chief):
            draft.participations.all().delete()

        assert authors_of_event(draft) == {author.pk, reviewer.pk, chief.pk}

    def test_of_what_was_undone_are_none(self, published, draft, reviewer, chief):
        with at_the_desk_of(reviewer):
            Event.objects.filter(pk=draft.pk).update(summary="Undone soon.")
        with at_the_desk_of(chief):
            Event.objects.filter(pk=draft.pk).update(summary="", title="Konna is taken")

        assert authors_of_event(draft) == {chief.pk}

    def test_of_what_was_removed_and_put_back_word_for_word_are_none(self, published, draft, reviewer):
        with at_the_desk_of(reviewer):
            participation = draft.participations.get()
            participation.delete()
            participation.pk = None
            participation.save()

        assert authors_of_event(draft) == set()

    def test_are_those_whose_words_somebody_else_put_back(self, published, draft, reviewer, chief):
        for person_, title in ((reviewer, "My words"), (chief, "Other words"), (chief, "My words")):
            with at_the_desk_of(person_):
                Event.objects.filter(pk=draft.pk).update(title=title)

        assert authors_of_event(draft) == {reviewer.pk, chief.pk}

    def test_are_those_who_restrict_a_source_that_it_cites(self, published, draft, reviewer):
        with at_the_desk_of(reviewer):
            Source.objects.update(access=SourceAccess.RESTRICTED)

        assert authors_of_event(draft) == {reviewer.pk}

    def test_are_nobody_once_the_source_is_public_as_before(self, published, draft, reviewer, chief):
        for person_, access in ((reviewer, SourceAccess.RESTRICTED), (chief, SourceAccess.PUBLIC)):
            with at_the_desk_of(person_):
                Source.objects.update(access=access)

        assert authors_of_event(draft) == set()

    def test_of_a_quotation_that_readers_never_saw_count_once_its_source_is_shown(
        self, published, draft, author, reviewer, chief, second
    ):
        hidden = Source.objects.create(key="hidden", kind="book", title="Hidden", access=SourceAccess.RESTRICTED)
        with at_the_desk_of(reviewer):
            Citation.objects.create(event=draft, source=hidden, quotation="By one person alone.")
        with at_the_desk_of(author):
            Event.objects.filter(pk=draft.pk).update(title="Konna is taken")
        publish(draft, author, second, chief)
        assert "alone" not in PublishedEvent.objects.get().body

        with at_the_desk_of(chief):
            Source.objects.filter(key="hidden").update(access=SourceAccess.PUBLIC)

        assert authors_of_event(draft) == {reviewer.pk, chief.pk}

    def test_stay_authors_of_what_was_published_in_an_emergency(self, submission, draft, author, chief):
        review.publish_in_emergency(submission=submission, by=chief, at=NOON, why="Lives.")

        assert authors_of_event(draft) == {author.pk}


# What the column said when it was read, what two people made of it in turn, and whose words stand in it then.
READ = "Konna falls after three days of fighting."
TEXTS = {
    "a comma": (READ, [f"{READ} Some say that ten died.", f"{READ} Some say, that ten died."], {1, 2}),
    "another end": (READ, [f"{READ} Some say that ten died.", f"Today, {READ} Some say that ten died."], {1, 2}),
    "all of it": (READ, ["Ten people died there.", "Nobody knows how many were wounded that day."], {2}),
    "put back": (READ, ["Konna fell.", f"{READ} Ten died."], {2}),
    "a word taken out": (READ, ["Konna falls after days of fighting.", "Konna falls after days of fighting. Ten died."], {1, 2}),
    "a figure of another": ("46 died.", ["64 died.", "64 died. The army says so."], {1, 2}),
    "a word beside a figure": ("46 died.", ["64 died.", "64 people died."], {1, 2}),
    "all but a figure": ("46 died.", ["The army: 64 dead.", "Nobody but 64 of them came back"], {1, 2}),
    "a new text": ("", ["Some say that ten died.", "Some say that ten died, or more."], {1, 2}),
    "another language": ({}, [{"fr": {"title": {"text": "Dix morts", "of": "1"}}}, {"fr": {"title": {"text": "Dix morts", "of": "1"}, "summary": {"text": "Un récit", "of": "2"}}}], {1, 2}),
    "the same text translated anew": ({}, [{"fr": {"title": {"text": "Dix morts", "of": "1"}}}, {"fr": {"title": {"text": "Une prise", "of": "1"}}}], {2}),
    "another identifier": ("ucdp:77", ["ucdp:77 wikidata:Q1", "ucdp:77 wikidata:Q1 acled:A1"], {1, 2}),
    "one identifier": ("ucdp:77", ["ucdp:77 wikidata:Q1", "ucdp:77 acled:A1"], {2}),
}  # fmt: skip


@pytest.mark.parametrize(("read", "said", "whose"), TEXTS.values(), ids=TEXTS)
def test_words_stay_those_of_who_wrote_them_whoever_corrects_a_comma(read, said, whose):
    column = "identifiers" if "ucdp" in read else "summary"
    edits = [
        Edit(*ENTRY, number, is_deletion=False, values={column: value}, by=frozenset({number - 1}))
        for number, value in enumerate([read, *said], 1)
    ]

    assert authors({ENTRY: [{ENTRY[0]: 1}]}, edits, PARENTS) == whose


class TestProposing:
    def test_again_is_for_whoever_proposed_it_not_for_whoever_wrote_a_comma_of_it(self, submission, draft, chief):
        with at_the_desk_of(chief):
            Event.objects.filter(pk=draft.pk).update(title="Konna, falls")
        with pytest.raises(NotPermitted, match="is author's: ask them"):
            submissions.resubmit(submission=submission, by=chief, at=NOON)

    def test_again_is_for_a_colleague_whom_they_let_and_once(self, submission, draft, author, reviewer, chief, second):
        review.return_for_revision(submission=submission, by=reviewer, at=NOON, note="Spell it.")
        with pytest.raises(NotPermitted, match="only who did can let"):
            submissions.consent(submission=submission, by=chief, at=NOON)
        submissions.consent(submission=submission, by=author, at=NOON, to=second)
        assert not permissions.may_resubmit(chief, submission)
        with at_the_desk_of(second):
            Event.objects.filter(pk=draft.pk).update(title="Konna, falls")

        submissions.resubmit(submission=submission, by=second, at=LATER)

        assert set(submission.audit_entries.filter(verb="consent").values_list("by__username", "why")) == {
            ("author", "second may submit it again")
        }
        assert permissions.authors(submission) == {author.pk, second.pk}
        with pytest.raises(FourEyes):
            review.approve(submission=submission, by=second, at=LATER)
        submissions.consent(submission=submission, by=author, at=LATER + NOON.resolution)
        submissions.resubmit(submission=submission, by=chief, at=LATER + 2 * NOON.resolution)
        assert not permissions.may_resubmit(reviewer, submission)

    def test_again_makes_an_author_of_whoever_does_it(self, submission, draft, author, second):
        author.is_active = False
        author.save()
        submissions.resubmit(submission=submission, by=second, at=NOON)

        with pytest.raises(FourEyes):
            review.approve(submission=submission, by=second, at=NOON)

    def test_and_publishing_say_in_the_log_how_many_people_stood_behind_it(self, published):
        assert set(Publication.objects.values_list("schema", "writers", "readers", "publishers")) == {(3, 1, 1, 1)}

    def test_is_worth_nothing_once_its_reader_was_deactivated(self, approved, reviewer, chief):
        reviewer.is_active = False
        reviewer.save()

        with pytest.raises(ApprovalVoid, match="may no longer review"):
            review.publish(submission=approved, by=chief, at=NOON)


class TestANewSchemaOfDocuments:
    @pytest.fixture
    def raised(self, monkeypatch):
        monkeypatch.setattr(document_shapes, "SCHEMA", document_shapes.SCHEMA + 1)

    def test_does_not_void_what_was_approved_before(self, approved, chief, raised):
        assert review.publish(submission=approved, by=chief, at=NOON)

    def test_is_no_change_to_publish(self, published, draft, author, raised):
        with pytest.raises(ValueError, match="says what is public already"):
            submissions.submit(entries=[EntryChange("event", draft.key)], by=author, **CORRECTION)

    def test_does_not_keep_disputes_from_being_settled(self, published, draft, author, reviewer, raised):
        from editorial.models import Ground
        from editorial.models.stages import DisputeStage

        opened = disputes.dispute(
            kind="event", key=draft.key, by=author, at=NOON, ground=Ground.OTHER, statement="Wrong."
        )
        settled = disputes.settle_dispute(
            dispute=opened, by=reviewer, at=NOON, outcome=DisputeStage.REJECTED, public_reason="It stands."
        )

        assert settled.settlement is not None


# The pure function, over random histories

PEOPLE = st.integers(1, 4)
ACTIONS = st.one_of(
    st.tuples(st.just("title"), PEOPLE, st.integers(0, 2), st.just(0)),
    st.tuples(st.just("claim"), PEOPLE, st.integers(1, 3), st.integers(0, 2)),
    st.tuples(st.just("move"), PEOPLE, st.integers(1, 3), st.sampled_from([1, 2])),
    st.tuples(st.just("delete"), PEOPLE, st.integers(1, 3), st.just(0)),
    st.tuples(st.just("cite"), PEOPLE, st.integers(1, 3), st.sampled_from([1, 2])),
    st.tuples(st.just("access"), PEOPLE, st.integers(1, 2), st.sampled_from(["public", "restricted"])),
)


class Trail:
    """Rows of the desk as a random history leaves them, and the history."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], dict] = {}
        self.edits: list[Edit] = []
        self.write(("conflict.event", 1), 0, title=0)
        self.write(("conflict.event", 2), 0, title=0)
        for number in (1, 2):
            self.write(("conflict.source", number), 0, access="public")

    def write(self, row, by, **values):
        self.rows[row] = self.rows.get(row, {}) | values
        self.edits.append(
            Edit(*row, number=len(self.edits) + 1, is_deletion=False, values=dict(self.rows[row]), by=frozenset({by}))
        )

    def delete(self, row, by):
        if row in self.rows:
            values = self.rows.pop(row)
            self.edits.append(
                Edit(*row, number=len(self.edits) + 1, is_deletion=True, values=values, by=frozenset({by}))
            )

    def act(self, action):
        verb, by, which, value = action
        claim, citation = ("conflict.claim", which), ("conflict.citation", which)
        if verb == "title":
            self.write(ENTRY, by, title=which)
        elif verb == "claim":
            self.write(claim, by, **({"event_id": 1} | self.rows.get(claim, {}) | {"statement": value}))
        elif verb == "move" and claim in self.rows:
            self.write(claim, by, event_id=value)
        elif verb == "delete":
            for row in (citation, claim):
                self.delete(row, by)
        elif verb == "cite" and claim in self.rows:
            self.write(citation, by, claim_id=which, source_id=value)
        elif verb == "access":
            self.write(("conflict.source", which), by, access=value)

    def document(self):
        """What readers would be shown of the entry; rows without their numbers."""
        claims = {row[1]: values for row, values in self.rows.items() if row[0] == "conflict.claim"}
        cited = [
            (values["claim_id"], values["source_id"])
            for row, values in self.rows.items()
            if row[0] == "conflict.citation" and self.rows["conflict.source", values["source_id"]]["access"] == "public"
        ]
        return (
            self.rows[ENTRY]["title"],
            sorted(
                (values["statement"], sorted(source for claim, source in cited if claim == number))
                for number, values in claims.items()
                if values["event_id"] == 1
            ),
        )


class TestAuthorsOfARandomHistory:
    @example(
        before=[("claim", 1, 2, 2), ("cite", 1, 2, 1)],
        after=[("claim", 1, 1, 2), ("move", 1, 2, 2)],  # a twin without the citation takes the place of the claim
    )
    @given(before=st.lists(ACTIONS, max_size=12), after=st.lists(ACTIONS, max_size=12))
    @settings(max_examples=400, deadline=None)
    def test_are_somebody_wherever_the_document_differs_and_only_those_who_acted(self, before, after):
        trail = Trail()
        for action in before:
            trail.act(action)
        marks = dict.fromkeys(
            ("conflict.event", "conflict.claim", "conflict.citation", "conflict.source"), len(trail.edits)
        )
        read = trail.document()
        for action in after:
            trail.act(action)

        found = authors({ENTRY: [marks]}, trail.edits, PARENTS)

        acted = {person for edit in trail.edits for person in edit.by}
        assert found <= acted
        if trail.document() != read:
            assert {person for edit in trail.edits[marks["conflict.event"] :] for person in edit.by} & found

    @given(before=st.lists(ACTIONS, max_size=8), after=st.lists(ACTIONS, max_size=8))
    @settings(max_examples=200, deadline=None)
    def test_by_one_person_alone_never_leave_that_person_out(self, before, after):
        trail = Trail()
        for action in before:
            trail.act(action)
        marks = dict.fromkeys(
            ("conflict.event", "conflict.claim", "conflict.citation", "conflict.source"), len(trail.edits)
        )
        read = trail.document()
        for verb, _, which, value in after:
            trail.act((verb, 9, which, value))

        found = authors({ENTRY: [marks]}, trail.edits, PARENTS)

        assert (9 in found) >= (trail.document() != read)
