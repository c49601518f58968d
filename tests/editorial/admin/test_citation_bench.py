"""The citations bench: from one unresolved citation to the next."""

import re

import pytest
from django.urls import reverse

from conflict.models import Actor, Citation, Source
from editorial.models import AddressCheck
from editorial.sources import bibliography, captures
from editorial.sources.web_pages import NotRead
from tests.desk import at_the_desk_of
from tests.documents import NOON
from tests.editorial.admin.conftest import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(draft):
    """Two citations of which only the number is known, the first cited by a claim of the draft."""
    sources = [
        Source.objects.create(key=f"number-{number}", kind="unresolved", resolved=False, number=number) for number in (8001, 8002)
    ]  # fmt: skip
    Citation.objects.create(source=sources[0], claim=draft.claims.get(), locator="line 12", quotation="the town fell")
    return sources


def bench(source):
    return reverse("admin:conflict_source_bench", args=[source.pk])


@pytest.fixture
def form(desk):
    """`form(source, **typed)`: what a browser posts of the bench, without the buttons."""

    def fill(source, **typed):
        return filled_in(desk.get(bench(source)).content.decode(), **typed)

    return fill


class TestTheBench:
    def test_leads_to_the_first_that_waits_and_shows_what_cites_it(self, desk, waiting, draft):
        others = Source.objects.filter(resolved=False).exclude(pk__in=[one.pk for one in waiting])
        others.update(resolved=True, title="Known", kind="news")
        answer = desk.get(reverse("admin:conflict_source_queue"))
        page = desk.get(answer.url).content.decode()

        assert answer.url.startswith(bench(waiting[0]))
        assert draft.title in page
        assert draft.claims.get().statement[:40] in page
        assert "line 12" in page
        assert "<q>the town fell</q>" in page

    def test_calls_an_address_dead_until_the_source_has_another(self, desk, waiting):
        [source, _other] = waiting
        Source.objects.filter(pk=source.pk).update(url="https://gone.example/konna")
        AddressCheck.objects.create(
            source=source, address="https://gone.example/konna", checked_at=NOON, status=404, failures=3
        )
        queue = reverse("admin:conflict_source_queue") + "?queue=dead"

        assert desk.get(queue).url.startswith(bench(source))
        assert "did not answer 3 times in a row" in desk.get(bench(source)).content.decode()

        Source.objects.filter(pk=source.pk).update(url="https://here.example/konna")

        assert desk.get(queue).url == reverse("admin:conflict_source_changelist")
        assert "did not answer" not in desk.get(bench(source)).content.decode()

    def test_fills_in_what_is_known_of_an_address_and_saves_nothing(self, desk, waiting, form, monkeypatch):
        found = {"title": "Konna falls", "kind": "news", "url": "https://news.example/konna", "outlet": "The News"}
        monkeypatch.setattr(bibliography, "look_up", lambda typed: found if typed == found["url"] else {})

        page = desk.post(
            bench(waiting[0]), form(waiting[0]) | {"look_up_by": found["url"], "look_up": "yes"}
        ).content.decode()

        assert 'value="Konna falls"' in page
        assert "Published by “The News”" in page
        assert not Source.objects.get(pk=waiting[0].pk).title

    def test_fills_in_what_sources_of_the_same_site_have_in_common(self, desk, waiting, form, settings):
        settings.LOOK_UP_SOURCES = False  # it is known at the desk
        agency = Actor.objects.create(key="agency", name="Agency", kind="media")
        for number, (site, kind) in enumerate([("www.news.example", "news")] * 3 + [("news.example", "report"), ("other.example", "book")]):  # fmt: skip
            Source.objects.create(key=f"known-{number}", title="x", kind=kind, language="fr", publisher=agency, url=f"https://{site}/{number}")  # fmt: skip
        given = form(waiting[0]) | {"look_up_by": "https://news.example/konna", "look_up": "yes"}

        answer = desk.post(bench(waiting[0]), given)
        found = filled_in(answer.content.decode())

        assert (found["kind"], found["publisher"], found["language"]) == ("news", str(agency.pk), "fr")
        assert found["url"] == "https://news.example/konna"
        assert answer.context["begins_with_title"]

    def test_says_so_where_the_network_is_away(self, desk, waiting, form, monkeypatch):
        def fail(typed):
            raise NotRead("No answer within 8 seconds.")

        monkeypatch.setattr(bibliography, "look_up", fail)

        page = desk.post(bench(waiting[0]), form(waiting[0], title="Typed") | {"look_up": "yes"}).content.decode()

        assert "Nothing was found: No answer within 8 seconds." in page
        assert 'value="Typed"' in page

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("https://news.example/konna", {"url": "https://news.example/konna"}),
            ("https://doi.org/10.1007/978-3-0", {"doi": "10.1007/978-3-0"}),
        ],
    )
    def test_keeps_what_was_to_be_looked_up_where_the_network_is_away(self, typed, kept, desk, waiting, form):
        given = form(waiting[0], title="Konna falls", kind="news") | {"look_up_by": typed, "resolve": "yes"}
        desk.post(bench(waiting[0]), given)

        resolved = Source.objects.get(pk=waiting[0].pk)
        assert {name: getattr(resolved, name) for name in kept} == kept

    @pytest.mark.django_db(transaction=True)
    def test_still_refuses_to_overwrite_after_looking_up(self, desk, waiting, form, reviewer, monkeypatch):
        monkeypatch.setattr(bibliography, "look_up", lambda typed: {"title": "Konna falls", "kind": "news"})
        opened = form(waiting[0], authors="A. Diallo")
        with at_the_desk_of(reviewer):
            Source.objects.filter(pk=waiting[0].pk).update(pages="12", note="Read it.")
        looked_up = filled_in(desk.post(bench(waiting[0]), opened | {"look_up": "yes"}).content.decode())

        refused = desk.post(bench(waiting[0]), looked_up | {"resolve": "yes"}).content.decode()
        desk.post(bench(waiting[0]), filled_in(refused) | {"resolve": "yes"})

        assert "<ins>Read it.</ins>" in refused
        found = Source.objects.get(pk=waiting[0].pk)
        assert (found.title, found.authors, found.pages, found.note) == ("Konna falls", "A. Diallo", "12", "Read it.")

    def test_resolves_with_one_button_and_goes_on_to_the_next(self, desk, waiting, form):
        answer = desk.post(bench(waiting[0]), form(waiting[0], title="Konna falls", kind="news") | {"resolve": "yes"})

        resolved = Source.objects.get(pk=waiting[0].pk)
        assert (resolved.resolved, resolved.title, resolved.number) == (True, "Konna falls", 8001)
        assert answer.url.startswith(bench(waiting[1]))

    def test_resolves_nothing_without_a_kind(self, desk, waiting, form):
        page = desk.post(bench(waiting[0]), form(waiting[0], title="Konna falls") | {"resolve": "yes"}).content.decode()

        assert "say what kind of publication it is" in page
        assert not Source.objects.get(pk=waiting[0].pk).resolved

    def test_does_not_overwrite_what_a_colleague_saved(self, desk, waiting, form):
        opened = form(waiting[0], title="Mine", kind="news")
        Source.objects.get(pk=waiting[0].pk).save()
        Source.objects.filter(pk=waiting[0].pk).update(title="Theirs")

        page = desk.post(bench(waiting[0]), opened | {"resolve": "yes"}).content.decode()

        assert "Changed meanwhile" in page
        assert Source.objects.get(pk=waiting[0].pk).title == "Theirs"

    def test_notes_date_status_and_hash_of_a_copy(self, desk, waiting, form, monkeypatch):
        copy = captures.Capture("https://web.archive.org/web/2013/x", None, 200, "a" * 64)
        monkeypatch.setattr(
            captures, "save_page_now", lambda address: copy if address == "https://news.example/konna" else None
        )
        typed = form(waiting[0], title="Konna falls", kind="news", url="https://news.example/konna")

        page = desk.post(bench(waiting[0]), typed | {"capture": "yes"}).content.decode()
        desk.post(bench(waiting[0]), filled_in(page) | {"resolve": "yes"})

        kept = Source.objects.get(pk=waiting[0].pk)
        assert (kept.archived_url, kept.archived_status, kept.archived_sha256) == (copy.address, 200, "a" * 64)

    def test_merges_a_draft_that_is_another_with_all_that_cites_it(self, desk, waiting, form):
        known = Source.objects.create(
            key="known", kind="news", title="Konna falls", url="http://www.news.example/konna/"
        )
        typed = form(waiting[0], title="", url="https://news.example/konna")
        desk.post(bench(waiting[0]), typed | {"save": "yes"})
        page = desk.get(bench(waiting[0])).content.decode()
        assert re.search(rf'name="same_as" value="{known.pk}"', page)

        answer = desk.post(bench(waiting[0]), typed | {"same_as": str(known.pk)})

        assert not Source.objects.filter(pk=waiting[0].pk).exists()
        assert Citation.objects.get(locator="line 12").source == known
        assert answer.url.startswith(bench(waiting[1]))

    def test_offers_to_submit_what_was_resolved(self, desk, waiting, form):
        desk.post(bench(waiting[0]), form(waiting[0], title="Konna falls", kind="news") | {"resolve": "yes"})

        page = desk.post(bench(waiting[1]), form(waiting[1]) | {"submit": "yes"}).content.decode()

        assert "Konna falls" in page
        assert "number-8002" not in page
