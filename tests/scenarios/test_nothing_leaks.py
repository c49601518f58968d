"""Secrets in every internal field of the desk; after each step of the workflow, the public side is searched for them."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from conflict.models import ENTRIES, Event, Notice, Source
from conflict.models.fields import LineField, ProseField
from conflict.vocabulary import Audience, ChangeKind, NoticeKind, SourceAccess
from editorial.accounts.roles import Role
from editorial.import_export import imports
from editorial.models import Ground, JournalNote, Partner, PartnerKey, Submission, User
from editorial.models import Proposal as PartnersProposal
from editorial.models.stages import DisputeStage
from editorial.workflow import disputes, notices, publisher, remarks, review, scheduled_publication, submissions
from editorial.workflow.exceptions import WorkflowRefused
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of, person
from tests.editorial.import_export.rows import ged, written
from tests.outsider import WITHOUT_ACCOUNT, answered, crawl

pytestmark = pytest.mark.django_db
MARKER = "zzunreviewed"
NEVER = "zzneverthere"  # as long
NUMBER, DAY, LATITUDE = 481516234, "1807-03-02", "-48.15162"
SECRETS = (MARKER, str(NUMBER), DAY, LATITUDE)
EVENT = "2013-01-10-konna"
KEPT = {"unit", "pcode", "doi", "isbn", "language", "rank_reason"}
# After each step: one address of every kind that there is, and what a reader may ask of it.
LOOKED_AT = [
    *(
        "/",
        "/chronology/?q=konna",
        "/chronology/filter/?q=konna",
        "/map/filter/?q=konna",
        "/chronology/months.csv",
        "/chronology/months.svg",
        f"/events/{EVENT}/",
        f"/claims/{EVENT}-46/",
        "/actors/",
        "/actors/malian-army/",
        "/places/",
    ),
    *("/places/konna/", "/sources/", "/sources/cite-1/", "/periods/war/", "/map/", "/notices/", "/disputes/", "/data/"),
    *("/changes/", f"/events/{EVENT}/versions/", f"/events/{EVENT}/versions/1/", "/feeds/events.atom"),
    *("/feeds/corrections.atom", "/feeds/actors/malian-army.atom", "/sitemap.xml", "/sitemap-events-1.xml"),
    *(f"/search/?q={MARKER}", f"/search/suggestions/?q={MARKER[:4]}", "/search/suggestions/?q=ko", "/api/v1/schema/"),
    *("/api/v1/events/", f"/api/v1/events/?search={MARKER}", f"/api/v1/events/{EVENT}/", "/api/v1/events/?format=csv"),
    *("/api/v1/events/?format=geojson", f"/api/v1/events/{EVENT}/versions/", "/api/v1/claims/", "/api/v1/findings/"),
    "/api/v1/disputes/",
    *("/api/v1/actors/", "/api/v1/locations/", "/api/v1/sources/", "/api/v1/periods/", "/api/v1/notices/"),
    *(
        "/api/v1/totals/",
        "/embed/map/",
        "/embed/places/konna/",
        "/embed/sources/cite-1/",
        f'/api/v1/reconciliation/?queries={{"q":{{"query":"{MARKER}"}}}}',
    ),
    *(f"/api/v1/reconciliation/suggest/entity/?prefix={MARKER[:4]}", "/api/v1/reconciliation/"),
    *("/api/v1/changes/", "/api/v1/publications/", "/api/v1/releases/", "/api/v1/events/?nonsense=1"),
    *("/api/v1/compatibility/georeferenced/gedevents/26.1", "/api/v1/compatibility/dyadic/acled/read"),
    *(f"/events/{MARKER}-event/", f"/api/v1/events/{MARKER}-event/", f"/sources/{MARKER}-restricted/"),
]
NOT_THERE = ["/nowhere/", "/api/v1/nowhere/"]


def mark_every_field(table: type[models.Model]) -> None:
    """Write secrets into every free text, figure, day and coordinate of every row, past the forms; keys and terms stay."""
    texts = [
        column
        for column in table._meta.concrete_fields
        if type(column) in (models.CharField, models.TextField, LineField, ProseField)
        and not column.choices
        and not column.validators[1:]
        and column.name not in KEPT
        and not column.unique
    ]
    for row in table._default_manager.all():
        values: dict[str, Any] = {column.name: f"{MARKER} {row.pk}"[: column.max_length or 200] for column in texts}
        if table.__name__ in ("ClaimParty", "FindingParty") and not row.described_as:
            continue
        for name in ("low", "high", "best", "number"):
            if getattr(row, name, None) is not None:
                values[name] = NUMBER
        for name in ("when", "made_on", "raised_on", "published_on"):
            if getattr(row, name, ""):
                values[name] = DAY
        if "reliability_reason" in values:
            values |= {"reliability": "mixed", "reliability_on": DAY}
        if getattr(row, "latitude", None) is not None:
            values["latitude"] = LATITUDE
        table._default_manager.filter(pk=row.pk).update(**values)


def told_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text.lower()]


def in_the_record() -> list[str]:
    """Tables of the public side that hold a secret in any column of any row."""
    pattern = "|".join(re.escape(secret) for secret in SECRETS)
    found = []
    with connection.cursor() as cursor:
        for table in apps.get_app_config("record").get_models(include_auto_created=True):
            name = table._meta.db_table
            cursor.execute(f'SELECT count(*) FROM "{name}" AS one WHERE to_jsonb(one)::text ~* %s', [pattern])
            found += [name] * cursor.fetchone()[0]
    return found


def told_at(client: Client, address: str) -> list[str]:
    """Secrets in the answer. What is asked for by a secret has to be answered as what never was."""
    status, text = answered(client, address)
    assert status < 500, address
    if MARKER not in address:
        return told_in(text)
    nothing = client.get(address.replace(MARKER, NEVER), headers={"accept": "*/*"}).content.decode()
    same = client.get(address, headers={"accept": "*/*"}).content.decode().replace(MARKER, NEVER) == nothing
    return [] if same else [MARKER]


class Work:
    """What the desk does in the story, each step with secrets in all that it can be told."""

    def __init__(self, folder: Any) -> None:
        self.folder = folder
        self.author = person(f"{MARKER}-author", Role.CONTRIBUTOR, first_name=MARKER, email=f"{MARKER}@example.org")
        self.reviewer = person(f"{MARKER}-reviewer", Role.REVIEWER, last_name=MARKER)
        self.chief = person(f"{MARKER}-chief", Role.MANAGING_EDITOR)
        with at_the_desk_of(self.author):
            self.event = an_event()
        publisher.publish_baseline(at=MORNING)

    def write_in_every_field(self) -> None:
        self.event.location.latitude, self.event.location.longitude = "14.9", "-3.9"
        self.event.location.coordinate_origin, self.event.location.coordinate_precision = "a map", "settlement"
        self.event.location.save()
        with at_the_desk_of(self.author):
            for table in apps.get_app_config("conflict").get_models():
                if not hasattr(table, "pgh_tracked_model"):
                    mark_every_field(table)

    def draft_what_is_new(self) -> None:
        with at_the_desk_of(self.author):
            other = Event.objects.create(key=f"{MARKER}-event", title=MARKER, kind="battle", when=DAY)
            Notice.objects.create(
                key=f"{MARKER}-desk", kind="naming_variant", reason=MARKER, event=other, audience=Audience.DESK
            )
            Source.objects.create(key=f"{MARKER}-restricted", kind="report", title=MARKER, access=SourceAccess.RESTRICTED)  # fmt: skip

    def import_a_file(self) -> None:
        path = written(
            self.folder / f"{MARKER}.csv",
            ged(
                side_b=MARKER, where_coordinates=MARKER, latitude=LATITUDE, source_article=MARKER, high=str(NUMBER // 9)
            ),
        )
        run = imports.new_run(holds="ucdp-ged", path=path, release=MARKER, by=self.author, at=MORNING)
        imports.confirm(run=imports.preview(run, path), path=path, by=self.author, at=MORNING)

    def submit(self) -> None:
        self.submission = submissions.submit(
            entries=[EntryChange("event", EVENT)], by=self.author, at=MORNING, title=MARKER, reason=MARKER, change_kind=ChangeKind.CORRECTION,
        )  # fmt: skip

    def comment_and_return(self) -> None:
        review.claim_review(submission=self.submission, by=self.reviewer, at=MORNING)
        remarks.comment(submission=self.submission, by=self.reviewer, at=MORNING, text=MARKER)
        review.return_for_revision(submission=self.submission, by=self.reviewer, at=MORNING, note=MARKER)

    def approve_and_schedule(self) -> None:
        submissions.resubmit(submission=self.submission, by=self.author, at=MORNING, note=MARKER)
        review.approve(submission=Submission.objects.get(), by=self.reviewer, at=MORNING, note=MARKER)
        scheduled_publication.schedule(
            submission=Submission.objects.get(), by=self.chief, at=MORNING, publish_at=MORNING.replace(year=2090)
        )
        scheduled_publication.publish_due(at=MORNING)

    def dispute(self) -> None:
        self.dispute_of_it = disputes.dispute(
            kind="event", key=EVENT, by=self.author, at=MORNING, ground=Ground.OTHER, statement=MARKER
        )
        disputes.dispute(
            kind="event", key=EVENT, by=self.author, at=MORNING, ground=Ground.WRONG_FIGURE, statement=MARKER, claim_key=f"{EVENT}-46",
        )  # fmt: skip
        disputes.reply(dispute=self.dispute_of_it, by=self.reviewer, at=MORNING, text=MARKER)

    def settle(self) -> None:
        disputes.settle_dispute(
            dispute=self.dispute_of_it, by=self.reviewer, at=MORNING, outcome=DisputeStage.REJECTED, public_reason="The count stands.",
        )  # fmt: skip

    def raise_a_notice(self) -> None:
        notices.raise_notice(
            kind=NoticeKind.NEEDS_UPDATE, on=self.event.period, reason=MARKER, by=self.author, at=MORNING
        )

    def propose_a_withdrawal(self) -> None:
        submissions.retract(kind="actor", key="malian-army", by=self.chief, at=MORNING, reason=MARKER)

    def note_and_hear_a_partner(self) -> None:
        JournalNote.objects.create(entry_kind="event", key=EVENT, by=self.author, at=MORNING, text=MARKER)
        partner = Partner.objects.create(organisation=MARKER, contact=MARKER, created_at=MORNING)
        key = PartnerKey.objects.create(partner=partner, prefix=MARKER[:12], secret_hmac="0" * 64, created_at=MORNING, created_by=self.chief, scopes=["propose"])  # fmt: skip
        PartnersProposal.objects.create(
            key=key, idempotency_key=MARKER, body_sha256="0" * 64, kind="claim", entry_kind="event", entry_key=EVENT,
            entry_version=1, payload={"statement": MARKER, "low": NUMBER}, received_at=MORNING,
        )  # fmt: skip

    def take_it_back(self) -> None:
        review.withdraw_submission(submission=self.submission, by=self.author, at=MORNING, note=MARKER)

    @property
    def steps(self) -> list[Callable[[], None]]:
        return [
            *(self.write_in_every_field, self.draft_what_is_new, self.import_a_file, self.submit),
            *(self.comment_and_return, self.approve_and_schedule, self.dispute, self.settle, self.raise_a_notice),
            *(self.propose_a_withdrawal, self.note_and_hear_a_partner, self.take_it_back),
        ]


@pytest.fixture
def work(tmp_path):
    return Work(tmp_path)


class TestThePublicSide:
    def test_shows_nothing_of_the_desk_after_any_step(self, work, client):
        leaks: dict[str, list[str]] = {}
        for step in work.steps:
            step()
            cache.clear()
            leaks |= {f"{step.__name__}, table {table}": [table] for table in in_the_record()}
            for address in (*LOOKED_AT, *NOT_THERE):
                if found := told_at(client, address):
                    leaks[f"{step.__name__}, {address}"] = found

        answers = crawl(client)

        assert leaks == {}
        assert [(address, told_in(text)) for address, (_, text) in answers.items() if told_in(text)] == []
        assert not [address for address, (status, _) in answers.items() if status >= 500]
        # The crawl can fail: it reaches what is public in many places.
        assert len([address for address, (_, text) in answers.items() if "Konna falls" in text]) >= 10
        assert len(answers) > 40

    def test_has_no_address_for_a_draft(self, work, client):
        work.draft_what_is_new()

        for address in LOOKED_AT[-3:]:
            assert MARKER in address
            assert client.get(address).status_code == 404

    def test_is_looked_at_wherever_it_has_an_address(self):
        """A new kind of public address has to be looked at too, or to be known to say nothing of an entry."""
        looked_at = {get_resolver().resolve(urlsplit(address).path).view_name for address in LOOKED_AT}
        names = {name for name, route in public_addresses() if name}

        of_the_same_view = {"claims-detail", "changes-detail", "publications-detail", "notice", "notices-detail", "citation"}  # fmt: skip
        of_the_same_view |= {"disputes-detail", "findings-detail", "event-picture"}
        of_the_same_view |= {f"{kind}-{view}" for kind in ("events", "actors", "locations", "sources", "periods", "notices") for view in ("detail", "versions", "version", "changes")}  # fmt: skip
        of_the_same_view |= {
            "version",
            "difference",
            "versions",
            "feed-place",
            "feed-period",
            "embed-event",
            "embed-chart",
            "as-of",
            "sitemap-of",
        }
        say_nothing = {
            "healthz",
            "card",
            "outlines",
            "anchors",
            "anchor-file",
            "witnesses",
            "readyz",
            "metrics",
            "favicon",
            "root",
            "docs",
            "robots",
            "security",
            "method",
            "how-sure",
            "verify",
            "feeds",
            "format",
            "reference",
            "changelog",
            "changelog-feed",
            "reconciliation-properties",
        }
        others_test = {
            "proposals",
            "proposal",
            "release",
            "release-changes",
            "release-file",
            "report",
            "report-receipt",
        }  # with keys, with files, by readers
        bare = {name.rpartition(":")[2] for name in looked_at}
        assert names - bare - of_the_same_view - say_nothing - others_test == set()


def public_addresses(patterns: Any = None, found: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = found + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from public_addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and not WITHOUT_ACCOUNT.match(f"/{route}"):
            yield pattern.name or "", route


class TestARestrictedSource:
    def test_is_in_no_document_even_of_an_entry_that_cites_it(self):
        event = an_event()
        secret = Source.objects.create(key="secret", kind="report", title=MARKER, access=SourceAccess.RESTRICTED)
        event.citations.create(source=secret, quotation=MARKER)

        publications = publisher.publish_baseline(at=MORNING)

        assert {publication.entry_kind for publication in publications} >= {"event", "source"}
        assert not [
            publication
            for publication in publications
            if MARKER in (publication.document or "") or publication.key == "secret"
        ]

    def test_cannot_be_submitted(self):
        author = person("ana", Role.CONTRIBUTOR)
        Source.objects.create(key="secret", kind="report", title=MARKER, access=SourceAccess.RESTRICTED)

        with pytest.raises(WorkflowRefused, match="kept from the public"):
            submissions.submit(
                entries=[EntryChange("source", "secret")],
                by=author,
                at=MORNING,
                title="",
                reason="New.",
                change_kind=ChangeKind.NEW,
            )


def test_every_kind_of_entry_and_account_was_marked(work):
    for step in work.steps[:2]:
        step()

    for model in ENTRIES.values():
        assert any(MARKER in str(vars(row)) for row in model.objects.all()), model
    assert User.objects.filter(username__startswith=MARKER).count() == 3
