"""Proposals: sent, repeated, read; taken up or declined at the desk; public only when published."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conflict.models import Actor, Claim, Event, Source
from conflict.vocabulary import ChangeKind
from editorial.admin import form_version
from editorial.models import AuditEntry, Proposal, Submission
from editorial.models.partner import Scope
from editorial.models.stages import Stage
from editorial.partners import keys, proposals
from editorial.workflow import publisher, review
from editorial.workflow.edit_history import authors_of
from editorial.workflow.exceptions import FourEyes, NotPermitted, WorkflowRefused
from tests.desk import at_the_desk_of
from tests.editorial.partners.conftest import (
    a_claim,
    a_correction,
    a_participation,
    a_place,
    a_source,
    an_affiliation,
    an_objection,
    under,
)
from tests.outsider import crawl

pytestmark = pytest.mark.django_db
SHAPE = {"code", "message", "field", "docs"}
LIST = "/api/v1/proposals/"


def refused(answer, status, field=None):
    assert answer.status_code == status, answer.content
    assert answer.json().keys() >= SHAPE
    assert answer.json()["field"] == field
    assert "Access-Control-Allow-Origin" not in answer.headers
    return answer.json()


@pytest.fixture
def received(konna, propose):
    """A proposal of each kind, as the desk keeps it."""

    def kept(payload, number="1"):
        answer = propose(payload, number)
        assert answer.status_code == 201, answer.content
        return Proposal.objects.get(pk=answer.json()["id"])

    return kept


class TestSending:
    @pytest.mark.parametrize("payload", [a_claim(), a_correction(), a_source()], ids=["claim", "correction", "source"])
    def test_is_answered_with_where_to_ask_how_it_goes(self, konna, propose, client, key, payload):
        answer = propose(payload)

        said = answer.json()
        assert answer.status_code == 201
        assert answer["Location"] == said["url"]
        assert answer["Cache-Control"] == "no-store"
        assert (said["status"], said["payload"], said["reason"]) == ("received", payload, None)
        assert said["entry"] == {"kind": "event", "key": "2013-01-10-konna", "version": 1}
        assert client.get(said["url"], headers=under(key)).json() == said
        assert [row["id"] for row in client.get(LIST, headers=under(key)).json()["results"]] == [said["id"]]

    @pytest.mark.parametrize(
        "payload", [a_participation(), a_place(), an_affiliation()], ids=["participation", "place", "affiliation"]
    )
    def test_of_the_other_parts_of_an_entry_is_received_too(self, others, propose, payload):
        answer = propose(payload)

        assert answer.status_code == 201, answer.content
        assert answer.json()["payload"] == payload

    def test_changes_nothing_on_the_desk(self, konna, propose):
        before = Event.objects.get(pk=konna.pk).modified_at

        propose(a_claim())

        assert Event.objects.get(pk=konna.pk).modified_at == before
        assert not Submission.objects.filter(stage=Stage.OPEN).exists()

    def test_again_with_the_same_key_and_body_answers_the_same(self, konna, propose):
        first = propose(a_claim())
        second = propose(json.dumps(a_claim(), indent=3))

        assert (first.status_code, second.status_code) == (201, 200)
        assert second.json() == first.json()
        assert Proposal.objects.count() == 1

    def test_again_with_another_body_is_409(self, konna, propose):
        propose(a_claim())

        refused(propose(a_source()), 409, "Idempotency-Key")
        assert Proposal.objects.count() == 1

    def test_again_under_a_new_key_of_the_partner_answers_the_same(self, konna, propose, key, chief):
        first = propose(a_claim())
        second = propose(a_claim(), by=keys.rotate(key=key.key, by=chief, at=timezone.now()))

        assert (first.status_code, second.status_code) == (201, 200)
        assert second.json() == first.json()

    def test_twice_at_once_is_kept_once(self, konna, key):
        """Both have looked for the other before either was kept."""
        sent = {"key_id": key.key.pk, "idempotency_key": "1", "at": timezone.now()}

        first, is_new = proposals.receive(**sent, payload=a_claim(), body_sha256="a" * 64)
        second, is_new_again = proposals.receive(**sent, payload=a_claim(), body_sha256="a" * 64)

        assert (first, is_new, is_new_again) == (second, True, False)
        with pytest.raises(proposals.UsedBefore):
            proposals.receive(**sent, payload=a_source(), body_sha256="b" * 64)

    def test_of_another_partner_is_another(self, konna, propose, stranger):
        assert propose(a_claim()).status_code == 201
        assert propose(a_claim(), by=stranger).status_code == 201

    def test_repeats_the_idempotency_key(self, konna, propose, client, key):
        answer = propose(a_claim(), "obs-7")

        assert (answer["Idempotency-Key"], answer.json()["idempotency_key"]) == ("obs-7", "obs-7")
        assert client.get(LIST, headers=under(key)).json()["results"][0]["idempotency_key"] == "obs-7"

    def test_takes_the_etag_that_the_entry_came_with(self, konna, propose, client):
        etag = client.get("/api/v1/events/2013-01-10-konna/")["ETag"]
        assert propose(a_claim(), **{"If-Match": etag}).status_code == 201

        Event.objects.filter(pk=konna.pk).update(title="Konna falls in the night")
        konna.refresh_from_db()
        publisher.publish_entry(
            entry=konna, change_kind=ChangeKind.CORRECTION, reason="A better title.", at=timezone.now()
        )

        refused(propose(a_claim(), "2", **{"If-Match": etag}), 412, "If-Match")
        newer = client.get("/api/v1/events/2013-01-10-konna/")["ETag"]
        assert propose(a_claim(), "3", **{"If-Match": newer}).status_code == 201

    def test_about_what_was_not_public_yet_is_412(self, konna, propose):
        refused(propose(a_claim(), **{"If-Match": 'W/"abc.0.api"'}), 412, "If-Match")

    def test_under_the_former_names_is_received_and_told_until_when(self, konna, propose):
        payload = a_claim()
        payload["claim"]["claimants"] = payload["claim"].pop("claimant")

        answer = propose(payload)

        assert answer.status_code == 201, answer.content
        assert answer["Deprecation"] == "@1796083200"
        assert answer["Sunset"] == "Fri, 31 Dec 2027 00:00:00 GMT"
        assert 'rel="deprecation"' in answer["Link"]
        assert "Deprecation" not in propose(a_claim(), "2")

    def test_under_a_former_name_tells_faults_of_that_name(self, konna, propose):
        payload = a_claim(claimants=[{"actor": "never-was"}])
        refused(propose(payload), 400, "claim.claimants")

        del payload["claim"]["claimant"]
        refused(propose(payload), 400, "claim.claimants.0.actor")

    @pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
    def test_compressed_is_415_and_says_what_is_read(self, konna, propose, encoding):
        answer = propose(b"\x1f\x8b", **{"Content-Encoding": encoding})

        assert refused(answer, 415, "Content-Encoding")["code"] == "unsupported_media_type"
        assert answer["Accept-Encoding"] == "identity"

    @pytest.mark.parametrize("number", [None, "", "with space", "x" * 201])
    def test_needs_an_idempotency_key(self, konna, propose, number):
        refused(propose(a_claim(), **{"Idempotency-Key": number}), 400, "Idempotency-Key")

    @pytest.mark.parametrize(("seen", "status"), [('"1"', 201), ("*", 201), ('"2"', 412), ("1", 400), ('W/"abc"', 400)])
    def test_about_what_was_seen(self, konna, propose, seen, status):
        answer = propose(a_claim(), **{"If-Match": seen})

        assert answer.status_code == status
        if status != 201:
            refused(answer, status, "If-Match")

    def test_without_a_key_is_401(self, konna, propose):
        answer = propose(a_claim(), Authorization=None)

        assert refused(answer, 401)["code"] == "key_required"
        assert answer["WWW-Authenticate"].startswith("Key ")

    def test_without_the_scope_is_403(self, konna, propose, issue):
        assert refused(propose(a_claim(), by=issue(scopes=[Scope.READ])), 403)["code"] == "missing_scope"

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"])  # fmt: skip
    def test_in_another_format_is_415(self, konna, propose, kind):
        refused(propose("x=1", content_type=kind), 415)

    def test_too_much_is_413(self, konna, propose):
        refused(propose(json.dumps(a_claim(statement="x" * 70_000))), 413)

    @pytest.mark.parametrize(
        "body",
        [
            "", "{", "[]", "1", '"x"', "null", "{}", '{"kind": "claim", "kind": "source"}', '{"a": NaN}',
            '{"a": "\\u0000"}', '{"a": "\\ud800"}', '{"a": 99999999999999999999}', "[" * 5000, b"\xff\xfe{}", '{"a":' * 900,
        ],
    )  # fmt: skip
    def test_what_is_no_proposal_is_400(self, konna, propose, body):
        answer = propose(body)

        assert answer.status_code == 400
        assert answer.json().keys() >= SHAPE

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_by_another_method_is_405(self, client, key, method):
        answer = getattr(client, method)(LIST, headers=under(key))

        refused(answer, 405)
        assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"

    def test_too_often_is_429(self, konna, propose, settings):
        settings.API_PROPOSALS_PER_HOUR = 2

        assert [propose(a_claim(), str(number)).status_code for number in range(3)] == [201, 201, 429]

    @pytest.mark.parametrize(
        ("payload", "field"),
        [
            ({**a_claim(), "actr": 1}, "actr"),
            (a_claim(figure=3), "claim.figure"),
            (a_claim(kind="rumour"), "claim.kind"),
            (a_claim(low=5, high=3, qualifier="about"), "claim"),
            (a_claim(low=-1), "claim.low"),
            (a_claim(made_on="2013-02-30"), "claim.made_on"),
            (a_claim(claimant=[]), "claim.claimant"),
            (a_claim(claimant=[{"actor": "never-was"}]), "claim.claimant.0.actor"),
            (a_claim(claimant=[{"actor": "malian-army", "described_as": "x"}]), "claim.claimant.0"),
            (a_claim(sources=[{"key": "never-was"}]), "claim.sources.0.key"),
            (a_claim(sources=[{"key": "cite-1", "title": "x"}]), "claim.sources.0.title"),
            (a_claim(sources=[{"title": "x"}]), "claim.sources.0.kind"),
            (a_claim(sources=[{"title": "x", "kind": "report", "isbn": "123"}]), "claim.sources.0.isbn"),
            (a_claim(sources=[{"title": "x", "kind": "report", "url": "javascript:alert(1)"}]), "claim.sources.0.url"),
            ({**a_claim(), "entry": {"kind": "event", "key": "never-was"}}, "entry.key"),
            ({**a_claim(), "entry": {"kind": "actor", "key": "malian-army"}}, "entry.kind"),
            ({**a_claim(), "entry": "2013-01-10-konna"}, "entry"),
            ({**a_claim(), "reason": ""}, "reason"),
            ({**a_claim(), "kind": "source"}, "claim"),
            (a_correction(location="gao"), "correction.fields.location"),
            (a_correction(kind="picnic"), "correction.fields.kind"),
            (a_correction(when="soon"), "correction.fields.when"),
            (a_correction(title=""), "correction.fields.title"),
            (a_correction(title=["x"]), "correction.fields.title"),
            (a_source(claim="never-was"), "source.claim"),
            (a_participation(), "participation.actor"),
            (a_participation(actor="malian-army", role="king"), "participation.role"),
            (a_participation(actor="malian-army", sources=[]), "participation.sources"),
            (a_participation(actor="malian-army", note="x" * 301), "participation.note"),
            ({**a_participation(), "entry": {"kind": "actor", "key": "malian-army"}}, "participation.actor"),
            ({**a_participation(actor="malian-army"), "entry": {"kind": "actor", "key": "malian-army"}}, "entry.kind"),
            (a_place(), "place.location"),
            (a_place(location="konna", is_main="yes please"), "place.is_main"),
            (a_place(location="konna", precision="exact"), "place.precision"),
            (a_place(location="konna", latitude=1), "place.latitude"),
            (an_affiliation(), "affiliation.actor"),
            (an_affiliation(actor="malian-army"), "affiliation.actor"),
            (an_affiliation(actor="malian-army", when="soon"), "affiliation.when"),
            (an_affiliation(actor="malian-army", kind="loves"), "affiliation.kind"),
            ({**an_affiliation(), "place": {}}, "place.location"),
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_400_and_named(self, konna, propose, payload, field):
        said = refused(propose(payload), 400, field)

        assert said["errors"][field]
        assert not Proposal.objects.exists()

    def test_about_a_draft_is_as_about_what_never_was(self, konna, propose, author):
        with at_the_desk_of(author):
            Event.objects.create(key="2013-01-11-secret", title="Secret", kind="battle", when="2013-01-11")

        secret = propose({**a_claim(), "entry": {"kind": "event", "key": "2013-01-11-secret"}})
        nothing = propose({**a_claim(), "entry": {"kind": "event", "key": "2013-01-11-nothing"}})

        assert secret.content == nothing.content


class TestReading:
    def test_is_for_the_proposer_alone(self, konna, propose, client, stranger):
        url = propose(a_claim()).json()["url"]

        refused(client.get(url, headers=under(stranger)), 404)
        refused(client.get(url), 401)
        assert client.get(LIST, headers=under(stranger)).json() == {"next": None, "results": []}

    def test_goes_on_under_a_new_key_of_the_partner(self, konna, propose, client, issue):
        url = propose(a_claim()).json()["url"]

        assert client.get(url, headers=under(issue())).status_code == 200

    def test_goes_page_by_page(self, konna, propose, client, key):
        made = [propose(a_claim(), str(number)).json()["id"] for number in range(3)]

        first = client.get(LIST, {"page_size": 2}, headers=under(key)).json()
        second = client.get(first["next"], headers=under(key)).json()

        assert [row["id"] for row in first["results"] + second["results"]] == made[::-1]
        assert second["next"] is None

    @pytest.mark.parametrize(("query", "field"), [({"page_size": "0"}, "page_size"), ({"before": "x"}, "before"), ({"after": "1"}, "after")])  # fmt: skip
    def test_refuses_what_it_does_not_know(self, client, key, query, field):
        refused(client.get(LIST, query, headers=under(key)), 400, field)

    @pytest.mark.parametrize("number", ["0", "99999999999999999999", "x"])
    def test_of_what_never_was_is_404(self, client, key, number):
        assert client.get(f"{LIST}{number}/", headers=under(key)).status_code == 404

    def test_costs_as_many_queries_for_many_as_for_one(
        self, konna, propose, client, key, django_assert_max_num_queries
    ):
        for number in range(5):
            propose(a_claim(), str(number))
        with django_assert_max_num_queries(2):
            client.get(LIST, headers=under(key))


def taken_up(proposal, by, reason="A further count."):
    with at_the_desk_of(by):
        return proposals.take_up(proposal=proposal, by=by, at=timezone.now(), reason=reason)


def status_of(client, key, proposal):
    return client.get(f"{LIST}{proposal.pk}/", headers=under(key)).json()


class TestTakingUp:
    def test_a_claim_goes_through_review_into_the_public(self, client, key, received, author, reviewer, chief):
        proposal = received(a_claim())

        submission = taken_up(proposal, author)
        assert status_of(client, key, proposal)["status"] == "in_review"
        assert "zzproposed" not in client.get("/api/v1/events/2013-01-10-konna/").content.decode()
        review.approve(submission=submission, by=reviewer, at=timezone.now())
        review.publish(submission=submission, by=chief, at=timezone.now())

        assert status_of(client, key, proposal)["status"] == "accepted"
        body = client.get("/api/v1/events/2013-01-10-konna/").json()
        new = next(claim for claim in body["claims"] if "proposed" in claim["key"])
        assert (new["low"], new["high"], new["measure"]) == (12, 12, "killed")
        assert submission.change_kind == ChangeKind.NEW_EVIDENCE
        assert Source.objects.get(title="Report zzproposed").key in str(new["citations"])

    def test_an_objection_opens_a_dispute_that_readers_see_and_not_what_it_says(self, client, key, received, author):
        proposal = received(an_objection(claim="2013-01-10-konna-46"))

        dispute = taken_up(proposal, author)

        assert (dispute.claim_key, dispute.opened_by) == ("2013-01-10-konna-46", author)
        assert status_of(client, key, proposal)["status"] == "in_review"
        public = client.get("/api/v1/events/2013-01-10-konna/").json()
        assert [notice["kind"] for claim in public["claims"] for notice in claim["notices"]] == ["disputed"]
        assert "zzproposed" not in str(public)
        with pytest.raises(WorkflowRefused, match="waits for nobody"):
            taken_up(proposal, author)

    def test_is_the_editors_work_so_somebody_else_approves(self, received, reviewer):
        submission = taken_up(received(a_claim()), reviewer)

        assert reviewer.pk in authors_of([("event", "2013-01-10-konna")])
        with pytest.raises(FourEyes):
            review.approve(submission=submission, by=reviewer, at=timezone.now())
        assert AuditEntry.objects.filter(verb="take_up_proposal", submission=submission).exists()

    def test_a_correction_sets_the_fields_it_names_and_no_other(self, received, author):
        proposal = received(a_correction(title="Konna is taken", when="2013-01-10/2013-01-11"))

        taken_up(proposal, author)

        event = Event.objects.get(key=proposal.entry_key)
        assert (event.title, event.when, event.kind) == ("Konna is taken", "2013-01-10/2013-01-11", "battle")
        assert event.span.upper.isoformat() == "2013-01-12"

    def test_a_correction_of_a_claim(self, received, author):
        said = a_correction(low=47, high=47)
        said["correction"]["claim"] = "2013-01-10-konna-46"

        taken_up(received(said), author)

        assert Claim.objects.get(key="2013-01-10-konna-46").high == 47

    def test_a_correction_that_the_rules_of_the_desk_refuse_writes_nothing(self, received, author):
        said = a_correction(low=50)
        said["correction"]["claim"] = "2013-01-10-konna-46"
        proposal = received(said)

        with pytest.raises(WorkflowRefused, match=r"above the upper|same number"):
            taken_up(proposal, author)

        assert Claim.objects.get(key="2013-01-10-konna-46").low == 46
        assert Proposal.objects.get(pk=proposal.pk).is_waiting

    @pytest.mark.parametrize("more", [{}, {"claim": "2013-01-10-konna-46"}], ids=["event", "claim"])
    def test_a_source_is_cited(self, received, author, more):
        taken_up(received(a_source(**more)), author)

        cited = Source.objects.get(title="Konna, a report").citations.get()
        assert cited.locator == "p. 3"
        assert (cited.claim.key if cited.claim else cited.event.key) == more.get("claim", "2013-01-10-konna")

    def test_a_participant_is_added_with_the_source(self, others, received, author):
        taken_up(received(a_participation()), author)

        row = Event.objects.get(key="2013-01-10-konna").participations.get(actor__key="mnla")
        assert (row.role, row.side, row.citations.get().source.title) == ("attacker", "attacking", "Report zzproposed")

    def test_a_participant_that_is_there_already_is_told_of_more_exactly(self, received, author):
        said = a_participation(actor="malian-army", role="defender", standing="claimed")

        taken_up(received(said), author)

        row = Event.objects.get(key="2013-01-10-konna").participations.get()
        assert (row.standing, row.side, row.citations.count()) == ("claimed", "attacking", 1)

    def test_a_place_is_added(self, others, received, author):
        taken_up(received(a_place()), author)

        event = Event.objects.get(key="2013-01-10-konna")
        assert (event.location.key, [place.key for place in event.other_locations]) == ("konna", ["mopti"])
        assert event.citations.filter(source__title="Report zzproposed").exists()

    def test_a_place_that_is_the_main_one_takes_its_place(self, others, received, author):
        taken_up(received(a_place(is_main=True, precision="settlement")), author)

        event = Event.objects.get(key="2013-01-10-konna")
        assert (event.location.key, event.location_precision) == ("mopti", "settlement")

    def test_a_tie_is_added_to_the_actor(self, others, received, author):
        proposal = received(an_affiliation())

        with at_the_desk_of(author):
            submission = proposals.take_up(proposal=proposal, by=author, at=timezone.now(), reason="Signed.")

        tie = Actor.objects.get(key="malian-army").affiliations.get()
        assert (tie.other.key, tie.kind, tie.when, tie.citations.count()) == ("mnla", "allied_with", "2013", 1)
        assert {row.entry_kind for row in submission.entries.all()} == {"actor", "source"}

    def test_is_refused_where_the_entry_changed_under_the_editors_eyes(self, received, author, konna):
        proposal, desk = received(a_correction()), Client()
        desk.force_login(author)
        konna.modified_at -= timedelta(seconds=1)
        seen = {"edition": form_version.of(konna), "reason": "Better."}

        page = desk.post(reverse("admin:editorial_proposal_take_up", args=[proposal.pk]), seen, follow=True)

        assert "Nothing was taken up: look at it again." in page.content.decode()
        assert Event.objects.get(pk=konna.pk).title == "Konna falls"

    def test_is_refused_while_the_entry_is_in_another_submission_and_loses_nothing(self, received, author, konna):
        first, second = received(a_correction()), received(a_claim(), "2")
        taken_up(first, author)

        with pytest.raises(WorkflowRefused, match="Already submitted"), transaction.atomic():
            taken_up(second, author)

        assert Proposal.objects.get(pk=second.pk).is_waiting
        assert not Claim.objects.filter(key__contains="proposed").exists()

    def test_again_after_the_submission_was_taken_back_writes_nothing_twice(self, client, key, received, author):
        proposal = received(a_claim())
        first = taken_up(proposal, author)
        review.withdraw_submission(submission=first, by=author, at=timezone.now())
        assert status_of(client, key, proposal)["status"] == "received"

        second = taken_up(proposal, author)

        assert second.pk != first.pk
        assert Claim.objects.filter(key__contains="proposed").count() == 1
        assert status_of(client, key, proposal)["status"] == "in_review"

    def test_is_refused_twice(self, received, author):
        proposal = received(a_claim())
        taken_up(proposal, author)

        with pytest.raises(WorkflowRefused, match="waits for nobody"):
            taken_up(proposal, author)

    def test_is_not_for_an_administrator(self, received, administrator):
        with pytest.raises(NotPermitted):
            taken_up(received(a_claim()), administrator)


class TestDeclining:
    def test_tells_the_proposer_why(self, client, key, received, reviewer):
        proposal = received(a_claim())

        proposals.decline(proposal=proposal, by=reviewer, at=timezone.now(), reason="The count is ours already.")

        said = status_of(client, key, proposal)
        assert (said["status"], said["reason"]) == ("declined", "The count is ours already.")
        assert reviewer.username not in json.dumps(said)

    def test_needs_a_reason(self, received, reviewer):
        with pytest.raises(WorkflowRefused, match="Say why"):
            proposals.decline(proposal=received(a_claim()), by=reviewer, at=timezone.now(), reason=" ")

    def test_ends_it(self, received, reviewer, author):
        proposal = received(a_claim())
        proposals.decline(proposal=proposal, by=reviewer, at=timezone.now(), reason="No.")

        with pytest.raises(WorkflowRefused, match="waits for nobody"):
            taken_up(proposal, author)


class TestThePage:
    def address(self, proposal, name="change"):
        return reverse(f"admin:editorial_proposal_{name}", args=[proposal.pk])

    def edition(self, page):
        return page.content.decode().partition('name="edition" value="')[2].partition('"')[0]

    def test_shows_what_was_sent_beside_the_entry_and_takes_it_up(self, client, received, author):
        proposal = received(a_correction())
        client.force_login(author)

        page = client.get(self.address(proposal))
        assert "Konna is taken" in page.content.decode()
        assert "Konna falls" in page.content.decode()
        answer = client.post(self.address(proposal, "take_up"), {"edition": self.edition(page), "reason": "A slip."})

        submission = Proposal.objects.get().submission
        assert answer["Location"] == reverse("admin:editorial_submission_change", args=[submission.pk])
        assert submission.submitted_by == author
        assert author.pk in authors_of([("event", proposal.entry_key)])
        assert client.get(self.address(proposal)).status_code == 200

    def test_declines(self, client, received, reviewer):
        proposal = received(a_claim())
        client.force_login(reviewer)

        client.post(self.address(proposal, "decline"), {"reason": "No."})

        assert Proposal.objects.get().decline_reason == "No."
        assert client.get(reverse("admin:editorial_proposal_changelist")).status_code == 200

    @pytest.mark.parametrize("reason", ["", "Why."])
    def test_without_an_edition_or_reason_takes_nothing_up(self, client, received, author, reason):
        proposal = received(a_claim())
        client.force_login(author)
        edition = self.edition(client.get(self.address(proposal))) if not reason else "forged"

        client.post(self.address(proposal, "take_up"), {"edition": edition, "reason": reason})

        assert Proposal.objects.get().is_waiting
        assert not Claim.objects.filter(key__contains="proposed").exists()

    def test_is_closed_to_administrators(self, client, received, administrator):
        proposal = received(a_claim())
        client.force_login(administrator)

        assert client.get(self.address(proposal)).status_code == 403
        assert client.post(self.address(proposal, "decline"), {"reason": "No."}).status_code == 403

    def test_escapes_what_was_sent(self, client, received, author):
        proposal = received(a_claim(statement="<script>alert(1)</script>"))
        client.force_login(author)

        assert "<script>alert" not in client.get(self.address(proposal)).content.decode()


class TestTheReadersSide:
    def test_shows_nothing_of_a_proposal_not_even_of_one_in_review(self, client, received, author):
        received(a_source(), "2")
        taken_up(received(a_claim()), author, reason="zzproposed")

        answers = crawl(client)

        assert len(answers) > 20
        assert not [address for address, (_, text) in answers.items() if "zzproposed" in text]
        assert not [address for address, (_, text) in answers.items() if "Observatory of the Sahel" in text]

    def test_may_not_read_the_tables(self):
        from conflict.postgres.roles import public_grants

        tables = {grant.table for grant in public_grants()}
        assert not tables & {"editorial_partner", "editorial_partnerkey", "editorial_proposal"}


class TestTheDescription:
    def test_names_the_addresses_their_refusals_and_the_scheme(self, client, db):
        said = client.get("/api/v1/schema/").json()

        post = said["paths"]["/api/v1/proposals/"]["post"]
        assert set(post["responses"]) >= {"200", "201", "400", "401", "403", "409", "412", "413", "415", "429"}
        assert post["security"] == [{"partnerKey": []}]
        assert said["components"]["securitySchemes"]["partnerKey"]["name"] == "Authorization"
        assert set(said["paths"]["/api/v1/proposals/{number}/"]) == {"get"}


class TestTextsAndDatesAsTheyAreSent:
    def test_are_kept_by_the_rule_for_text(self, received):
        kept = received(a_claim(statement="Twelve\x0bdead.\u200b", as_worded="douze\u202fmorts"))

        assert (kept.payload["claim"]["statement"], kept.payload["claim"]["as_worded"]) == (
            "Twelve\ndead.",
            "douze morts",
        )

    @pytest.mark.parametrize("day", ["2013-01-1X", "2013-33", "2013-01-10/", "2013-01~"])
    def test_may_be_any_date_that_can_be_said(self, day, received):
        assert received(a_correction(when=day)).payload["correction"]["fields"]["when"] == day

    def test_may_be_as_long_a_date_as_the_desk_takes(self, received):
        day = "{2013-01-01,2013-01-02,2013-01-03,2013-01-04,2013-01-05,2013-01-06}"

        assert received(a_claim(made_on=day)).payload["claim"]["made_on"] == day

    @pytest.mark.parametrize("day", ["2013-01-X1", "1950S2", "9 June 2019", "2013-02-30", "/"])
    def test_are_refused_in_a_sentence_where_they_are_none(self, day, konna, propose):
        told = refused(propose(a_correction(when=day)), 400, "correction.fields.when")

        assert day in told["message"]


@pytest.mark.django_db(transaction=True)
class TestManyTimesAtOnce:
    def test_under_two_keys_of_a_partner_is_kept_once(self, konna, key, issue):
        keys_of_partner = [key, issue()]
        payload = json.dumps(a_claim())

        def send(number):
            try:
                headers = {**under(keys_of_partner[number % 2]), "Idempotency-Key": "obs-1"}
                answer = Client().post(LIST, payload, content_type="application/json", headers=headers)
                return answer.status_code, answer.json()["id"]
            finally:
                connections.close_all()

        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(send, range(20)))

        assert sorted(status for status, _ in answers) == [200] * 19 + [201]
        assert len({number for _, number in answers}) == 1
        assert Proposal.objects.count() == 1
