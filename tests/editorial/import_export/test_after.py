"""After an import: undo, filtering, review in batches, and refusal to publish where the licence forbids it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from conflict import message
from conflict.models import Actor, Citation, Claim, Event, Location, Participation, Period, Source
from conflict.record.models import PublishedEvent
from editorial import tasks
from editorial.import_export import batches, import_undo, imports, jobs, proposals
from editorial.import_export.exceptions import ImportRefused
from editorial.models import ExternalId, ImportRun, SourceTerms, Submission
from editorial.workflow import review, scheduled_publication, submissions
from tests.desk import MORNING, an_event, at_the_desk_of
from tests.editorial.import_export.rows import acled, ged

pytestmark = pytest.mark.django_db
DESK = (Event, Claim, Actor, Location, Source, Participation, Citation, ExternalId)


@pytest.fixture
def war(author):
    with at_the_desk_of(author):
        return Period.objects.create(key="war", title="War", position=1)


def desk():
    columns = {model: [column.attname for column in model._meta.concrete_fields] for model in DESK}
    return {
        model.__name__: sorted(
            str([value for name, value in row.items() if name != "modified_at"])
            for row in model.objects.values(*columns[model])
        )
        for model in DESK
    }


def published(run, author, reviewer, chief):
    done = proposals.propose(run=run, by=author, at=MORNING, reason="New.")
    for submission in done.submissions:
        review.approve(submission=submission, by=reviewer, at=MORNING + timedelta(minutes=1))
        review.publish(submission=submission, by=chief, at=MORNING + timedelta(minutes=2))


class TestUndoing:
    def test_leaves_the_desk_as_it_was(self, imported, chief):
        an_event()
        before = desk()
        run = imported("ucdp-ged", ged(), ged(id="2"))

        import_undo.undo(run=run, by=chief)

        assert desk() == before
        run.refresh_from_db()
        assert run.stage == "undone"

    def test_of_a_later_release_brings_the_earlier_one_back(self, imported, chief):
        imported("ucdp-ged", ged(), ged(id="2"), release="1.1")
        before = desk()
        later = ged(best="9", deaths_unknown="4", side_b="Green Army", side_b_new_id="303", latitude="18")
        run = imported("ucdp-ged", later, ged(id="3"), release="2.1")
        assert desk() != before

        import_undo.undo(run=run, by=chief)

        assert desk() == before
        assert not ExternalId.objects.filter(vanished_in__isnull=False).exists()

    def test_lets_the_file_be_imported_again(self, imported, chief):
        run = imported("ucdp-ged", ged())
        import_undo.undo(run=run, by=chief)

        assert imported("ucdp-ged", ged()).new == 1

    def test_keeps_what_a_later_import_names(self, imported, chief):
        run = imported("ucdp-ged", ged())
        imported("ucdp-ged", ged(), ged(id="2"))

        import_undo.undo(run=run, by=chief)

        assert [event.key for event in Event.objects.all()] == ["ucdp-ged-2"]
        assert Event.objects.get().participations.count() == 2

    def test_of_a_table_puts_its_rows_back(self, tmp_path, chief):
        event = an_event()
        path = tmp_path / "eventrelation.csv"
        path.write_text("key,title\n")
        Actor.objects.create(key="a", name="Before", kind="armed_group")
        columns = "key,name,kind,family,country,when,description"
        path.write_text(f"{columns}\na,After,armed_group,other,,,\nb,New,armed_group,other,,,\n")
        run = imports.preview(imports.new_run(holds="actor", path=path, by=chief, at=MORNING), path)
        imports.confirm(run=run, path=path, by=chief, at=MORNING)

        import_undo.undo(run=run, by=chief)

        assert sorted(Actor.objects.values_list("name", flat=True)) == ["Before", "Malian Army"]
        assert Event.objects.get() == event

    @pytest.mark.parametrize(
        "meddle",
        [
            lambda event: Event.objects.update(title="Edited"),
            lambda event: event.claims.filter(key__endswith="killed").update(best=7),
            lambda event: event.participations.create(actor=Actor.objects.get(key="ucdp"), role="reporter"),
            lambda event: event.claims.first().citations.create(source=Source.objects.first(), locator="p. 3"),
        ],
        ids=["of the event", "of a claim", "of a new part", "of a new citation"],
    )
    def test_is_refused_after_an_edit(self, meddle, imported, chief):
        run = imported("ucdp-ged", ged())
        with at_the_desk_of(chief):
            meddle(Event.objects.get())

        with pytest.raises(ImportRefused, match="would lose that"):
            import_undo.undo(run=run, by=chief)

        assert Event.objects.exists()
        run.refresh_from_db()
        assert run.stage == "imported"

    def test_is_refused_while_it_is_submitted_and_once_it_is_public(self, war, imported, author, reviewer, chief):
        run = imported("ucdp-ged", ged(), period=war)
        done = proposals.propose(run=run, by=author, at=MORNING, reason="New.")

        with pytest.raises(ImportRefused, match="submitted for review"):
            import_undo.undo(run=run, by=chief)
        review.approve(submission=done.submissions[0], by=reviewer, at=MORNING)
        review.publish(submission=done.submissions[0], by=chief, at=MORNING)
        with pytest.raises(ImportRefused, match="is public"):
            import_undo.undo(run=run, by=chief)

    def test_is_offered_on_its_page(self, client, imported, author):
        run = imported("ucdp-ged", ged())
        client.force_login(author)
        assert (
            "Undo this import"
            in client.get(reverse("admin:editorial_importrun_change", args=[run.pk])).content.decode()
        )

        page = client.post(reverse("admin:editorial_importrun_undo", args=[run.pk]), follow=True)

        assert "Taken back" in page.content.decode()
        assert not Event.objects.exists()


class TestTheListOfEvents:
    def test_is_narrowed_to_those_of_an_import(self, client, imported, author):
        imported("ucdp-ged", ged())
        run = imported("ucdp-ged", ged(), ged(id="2", where_coordinates="Beta town"))
        client.force_login(author)

        page = client.get(reverse("admin:conflict_event_changelist"), {"import": run.pk}).content.decode()

        assert "Beta town" in page
        assert "1 event" in page

    def test_has_what_vanished_until_somebody_keeps_it(self, client, imported, author):
        imported("ucdp-ged", ged(), ged(id="2", where_coordinates="Beta town"))
        imported("ucdp-ged", ged())
        client.force_login(author)
        vanished = reverse("admin:conflict_event_changelist") + "?import=vanished"
        assert "Beta town" in client.get(vanished).content.decode()

        event = Event.objects.get(key="ucdp-ged-2")
        client.post(vanished, {"action": "stay", "_selected_action": [event.pk]}, follow=True)
        imported("ucdp-ged", ged(best="9"))

        assert "Beta town" not in client.get(vanished).content.decode()

    def test_lets_go_of_what_is_back(self, imported):
        imported("ucdp-ged", ged(), ged(id="2"))
        imported("ucdp-ged", ged())
        assert ExternalId.objects.get(vanished_in__isnull=False).external_id == "2"

        imported("ucdp-ged", ged(), ged(id="2"))

        assert not ExternalId.objects.filter(vanished_in__isnull=False).exists()


class TestWhatWasWithdrawn:
    @pytest.fixture
    def withdrawn(self, war, imported, author, reviewer, chief):
        run = imported("ucdp-ged", ged(), ged(id="2"), period=war)
        published(run, author, reviewer, chief)
        submission = submissions.retract(
            kind="event", key="ucdp-ged-2", by=chief, at=MORNING, reason="Told twice.", successor="ucdp-ged-1"
        )
        review.approve(submission=submission, by=reviewer, at=MORNING + timedelta(minutes=3))
        review.publish(submission=submission, by=chief, at=MORNING + timedelta(minutes=4))
        return run

    def test_is_not_brought_back_by_the_next_release(self, withdrawn, imported, author):
        run = imported("ucdp-ged", ged(), ged(id="2", best="9"))

        assert (run.changed, run.passed_over) == (0, 1)
        assert run.lines.get(outcome="passed_over").reason.startswith("It was merged into ucdp-ged-1")

    @pytest.mark.parametrize(
        ("kind", "key", "named"),
        [
            ("actor", "ucdp-actor-202", lambda event: {part.actor.key for part in event.participations.all()}),
            ("location", None, lambda event: {event.location.key}),
            ("source", None, lambda event: {citation.source.key for citation in event.citations.all()}),
        ],
        ids=["an actor", "a place", "a report"],
    )
    def test_is_named_by_what_took_its_place(self, kind, key, named, war, imported, author, reviewer, chief):
        run = imported("ucdp-ged", ged(), ged(id="2", side_b="Red", side_b_new_id="9", where_coordinates="Beta town", latitude="19", source_article='"Third Voice,2031-05-20,Later told"'), period=war)  # fmt: skip
        published(run, author, reviewer, chief)
        one, other = (named(Event.objects.get(key=f"ucdp-ged-{number}")) for number in (1, 2))
        gone = key or min(one - other)
        successor = min(other - one)
        submission = submissions.retract(
            kind=kind, key=gone, by=chief, at=MORNING, reason="The same.", successor=successor
        )
        review.approve(submission=submission, by=reviewer, at=MORNING + timedelta(minutes=3))
        review.publish(submission=submission, by=chief, at=MORNING + timedelta(minutes=4))

        later = imported("ucdp-ged", ged(), ged(id="3"), period=war)

        assert (gone in named(Event.objects.get(key="ucdp-ged-3")), later.unchanged) == (False, 1)
        assert successor in named(Event.objects.get(key="ucdp-ged-3"))
        assert proposals.propose(run=later, by=author, at=MORNING, reason="New.").events == 1

    def test_is_not_proposed_again_with_its_import(self, withdrawn, author):
        assert proposals.propose(run=withdrawn, by=author, at=MORNING, reason="Again.").submissions == []


class TestLicences:
    def test_keep_rows_that_may_not_be_republished_from_the_public(self, war, imported, author):
        run = imported("acled", acled(), period=war)

        done = proposals.propose(run=run, by=author, at=MORNING, reason="New.")

        assert done.submissions == []
        assert "may not be republished" in done.not_ready["acled-now1"][0]

    def test_are_told_to_whoever_left_proposing_to_the_worker(self, war, imported, author):
        run = imported("acled", acled(), period=war)
        ImportRun.objects.update(proposing={"by": author.pk, "reason": "New.", "what": "all"})

        jobs.work_off(clock=lambda: MORNING)

        run.refresh_from_db()
        assert run.proposing == {}
        assert "1 event stays a draft, acled-now1: It was taken over from" in message.read(run.failure)

    def test_hold_for_whoever_submits_the_event_alone(self, war, imported, author):
        imported("acled", acled(), period=war)

        with pytest.raises(Exception, match="may not be republished"):
            submissions.submit(
                entries=[submissions.EntryChange("event", "acled-now1")],
                by=author,
                at=MORNING,
                title="",
                reason="New.",
                change_kind="new",
            )

    def test_give_way_to_an_agreement_that_is_noted(self, war, imported, author):
        run = imported("acled", acled(), period=war)
        SourceTerms.objects.update(licence="by_agreement", note="A letter of 1 May 2031.")

        assert proposals.propose(run=run, by=author, at=MORNING, reason="New.").events == 1

    def test_let_a_figure_be_quoted_beside_others(self, war, imported, author):
        run = imported("ucdp-ged", ged(), period=war)
        assert SourceTerms.objects.get().licence == "cc_by"
        claim = Claim.objects.get(key="ucdp-ged-1-killed")
        quoted = Source.objects.create(key="acled-quoted", title="ACLED", kind="dataset")
        SourceTerms.objects.create(source=quoted, licence="no_republishing", note="Its terms.")
        Citation.objects.create(claim=claim, source=quoted)

        assert proposals.propose(run=run, by=author, at=MORNING, reason="New.").events == 1


class TestBatches:
    @pytest.fixture
    def run(self, war, imported, author, monkeypatch):
        monkeypatch.setattr(proposals, "EVENTS_AT_ONCE", 2)
        rows = [ged(id=str(n), date_start=f"2031-0{n}-12", date_end=f"2031-0{n}-12") for n in range(1, 6)]
        run = imported("ucdp-ged", *rows, period=war)
        proposals.propose(run=run, by=author, at=MORNING, reason="New.")
        return run

    def test_tell_of_one_time_each_by_their_titles(self, run):
        titles = [batch.submission.title for batch in batches.batches(run)]

        assert titles[0] == "2 events, 2031-01-12 to 2031-02-12: UCDP Georeferenced Event Dataset"
        with override("fr"):
            assert Submission.objects.earliest("pk").title.startswith("2 événements, du 2031-01-12 au 2031-02-12")
        assert [len(batch.events) for batch in batches.batches(run)] == [2, 2, 1]

    def test_are_approved_and_published_in_a_few_clicks(self, run, client, reviewer, chief):
        page = reverse("admin:editorial_importrun_batches", args=[run.pk])
        client.force_login(reviewer)
        shown = client.get(page).content.decode()
        read = [f"{batch.submission.pk}:{batch.digest}" for batch in batches.batches(run)]
        assert all(f'value="{one}"' in shown for one in read)
        first = batches.batches(run)[0].submission
        of_one = client.get(reverse("admin:editorial_submission_change", args=[first.pk])).content.decode()
        assert "One of 3 batches of the import" in of_one
        assert f'href="{page}"' in of_one

        client.post(page, {"read": read})
        first.refresh_from_db()
        assert (first.stage, first.reviewer) == ("approved", reviewer)
        now, later = batches.publish_all(run=run, by=chief, at=MORNING)
        assert ProcrastinateJob.objects.filter(task_name=tasks.publish_due.name, status="todo").count() == 1
        scheduled_publication.publish_due(at=MORNING + timedelta(minutes=1))

        assert (now, later) == (0, 3)
        assert PublishedEvent.objects.count() == 5

    def test_leave_aside_what_somebody_wrote_in(self, run, author, chief, reviewer):
        first, *others = batches.batches(run)
        with at_the_desk_of(chief):
            Claim.objects.filter(key=f"{first.events[0].key}-killed").update(best=7)
        later = MORNING + timedelta(minutes=1)
        submissions.consent(submission=first.submission, by=author, to=chief, at=later)
        submissions.resubmit(submission=first.submission, by=chief, at=later)

        read = {batch.submission.pk: batch.digest for batch in batches.batches(run)}
        approved, refused = batches.approve_all(run=run, by=reviewer, at=MORNING, read=read)

        assert approved == len(others)
        assert "somebody wrote in: ucdp-ged-1" in refused[0]

    def test_are_not_approved_by_who_proposed_or_imported_them(self, run, author, chief):
        read = {batch.submission.pk: batch.digest for batch in batches.batches(run)}

        for writer in (author, chief):
            assert batches.approve_all(run=run, by=writer, at=MORNING, read=read)[0] == 0

    def test_are_approved_for_the_texts_that_were_shown(self, run, reviewer):
        read = {batch.submission.pk: "0" * 64 for batch in batches.batches(run)}

        assert batches.approve_all(run=run, by=reviewer, at=MORNING, read=read)[0] == 0


def test_a_run_tells_its_submissions(war, imported, author):
    run = imported("ucdp-ged", ged(), period=war)
    done = proposals.propose(run=run, by=author, at=MORNING, reason="New.")

    assert list(ImportRun.objects.get().submissions.all()) == done.submissions
