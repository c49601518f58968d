"""Import and export in the admin, from start to finish, and closed to users without permission."""

import csv
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse

from conflict.models import Actor, Event, Period, Source
from conflict.vocabulary import SourceAccess
from editorial.import_export import uploads
from editorial.models import ImportChoice, ImportMention, ImportRun
from tests.desk import an_event
from tests.editorial.import_export.rows import ged, written

pytestmark = pytest.mark.django_db
ADD = "admin:editorial_importrun_add"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "FOLDER", tmp_path / "imports")


@pytest.fixture
def file(tmp_path):
    def make(*rows):
        return SimpleUploadedFile("ged991.csv", written(tmp_path / "up.csv", *rows).read_bytes(), "text/csv")

    return make


@pytest.fixture
def uploaded(client, author, file):
    client.force_login(author)

    def upload(*rows, holds="ucdp-ged"):
        return client.post(reverse(ADD), {"holds": holds, "file": file(*rows)}, follow=True)

    return upload


class TestImporting:
    def test_is_previewed_confirmed_and_offered_for_review(self, client, uploaded):
        page = uploaded(ged(), ged(id="2"))
        run = ImportRun.objects.get()
        assert "<strong>2</strong> new" in page.content.decode()
        assert not Event.objects.exists()

        page = client.post(reverse("admin:editorial_importrun_confirm", args=[run.pk]), follow=True)

        assert "Imported: 2 new" in page.content.decode()
        assert "Propose what was imported for review" in page.content.decode()
        assert Event.objects.count() == 2
        assert list(uploads.FOLDER.iterdir()) == []

    def test_shows_old_and_new(self, client, uploaded):
        uploaded(ged())
        client.post(reverse("admin:editorial_importrun_confirm", args=[ImportRun.objects.get().pk]))

        page = uploaded(ged(best="9"))

        assert "<dt>best</dt><dd><del>8</del> → <ins>9</ins></dd>" in page.content.decode()

    def test_shows_why_a_line_is_refused_and_offers_the_others(self, client, uploaded):
        page = uploaded(ged(where_prec="77"), ged(id="2")).content.decode()
        run = ImportRun.objects.get()
        confirm = reverse("admin:editorial_importrun_confirm", args=[run.pk])

        assert "<strong>where_prec</strong>: “77” is no code" in page
        assert "or take its good rows alone" in client.post(confirm, follow=True).content.decode()
        client.post(confirm, {"without_refused": "on"})

        assert Event.objects.get().key == "ucdp-ged-2"

    def test_says_in_everybody_s_language_what_is_refused_and_asked(self, client, uploaded):
        uploaded(ged(where_prec="77"), ged(id="2", side_a="SÃ©gou guard"), ged(id="3"))
        run = ImportRun.objects.get()
        run.lines.filter(external_id="3").update(outcome="refused", reason="Refused by an earlier version.")
        ImportRun.objects.update(refused=2)
        client.cookies["django_language"] = "fr"

        page = client.get(reverse("admin:editorial_importrun_change", args=[run.pk])).content.decode()
        table = client.get(reverse("admin:editorial_importrun_refused", args=[run.pk])).content.decode("utf-8-sig")

        assert "«\u00a077\u00a0» n’est pas un code de cette colonne" in page
        assert "a été lu dans le mauvais encodage" in page
        assert "Refused by an earlier version." in page
        row, _other = csv.DictReader(table.splitlines())
        assert row["raison du refus"].startswith("ligne 2, colonne where_prec\u00a0: «\u00a077\u00a0»")

    def test_takes_refused_rows_back_once_they_are_corrected(self, client, uploaded):
        uploaded(ged(where_prec="77"))
        address = reverse("admin:editorial_importrun_refused", args=[ImportRun.objects.get().pk])
        corrected = client.get(address).content.decode().replace(",77,", ",1,")

        client.post(reverse(ADD), {"holds": "ucdp-ged", "file": SimpleUploadedFile("ged991.csv", corrected.encode())})

        assert ImportRun.objects.latest("pk").new == 1

    def test_gives_the_refused_rows_back_with_their_reasons(self, client, uploaded):
        uploaded(ged(where_prec="77", source_original="=1+1"), ged(id="2"))
        run = ImportRun.objects.get()

        answer = client.get(reverse("admin:editorial_importrun_refused", args=[run.pk]))

        (row,) = csv.DictReader(answer.content.decode("utf-8-sig").splitlines())
        assert (row["id"], row["where_prec"], row["source_original"]) == ("1", "77", "'=1+1")
        assert row["why it was refused"].startswith("line 2, column where_prec: “77” is no code")

    def test_offers_each_period_below_the_one_that_contains_it(self, client, author):
        war = Period.objects.create(key="war", title="War", position=1)
        Period.objects.create(key="war-2013", title="2013", position=2, parent=war)
        client.force_login(author)

        page = client.get(reverse("admin:editorial_importrun_add")).content.decode()

        assert page.index(">by the date of each<") < page.index(">War<") < page.index(">– 2013<")

    def test_is_listed_while_it_waits(self, client, uploaded):
        uploaded(ged())

        page = client.get(reverse("admin:editorial_importrun_changelist"), {"stage__exact": "previewed"})

        assert "ged991.csv" in page.content.decode()
        assert "waiting for confirmation" in page.content.decode()

    @pytest.mark.parametrize("content", [b"<html>log in</html>", b"PK\x03\x04", b"", b"a,b\n1,2\n"])
    def test_refuses_what_is_no_such_table_and_keeps_no_copy(self, content, client, author):
        client.force_login(author)

        sent = {"holds": "acled", "file": SimpleUploadedFile("x.csv", content), "release": "23.1"}
        page = client.post(reverse(ADD), sent)

        assert page.status_code == 200
        assert "Choose the file again" in page.content.decode()
        assert 'value="23.1"' in page.content.decode()
        assert not ImportRun.objects.exists()
        assert not uploads.FOLDER.exists() or list(uploads.FOLDER.iterdir()) == []

    def test_proposes_with_a_reason(self, client, uploaded):
        uploaded(ged())
        run = ImportRun.objects.get()
        client.post(reverse("admin:editorial_importrun_confirm", args=[run.pk]))

        page = client.post(reverse("admin:editorial_importrun_propose", args=[run.pk]), {"reason": "New."}, follow=True)

        assert "stays a draft: The event is filed under no period." in page.content.decode()

    def test_refuses_a_swapped_copy(self, client, uploaded):
        uploaded(ged())
        run = ImportRun.objects.get()
        uploads.stored_path(run).write_text("swapped")

        page = client.post(reverse("admin:editorial_importrun_confirm", args=[run.pk]), follow=True)

        assert "not the one that was previewed" in page.content.decode()
        assert not Event.objects.exists()

    def test_can_be_given_up(self, client, uploaded):
        uploaded(ged())
        run = ImportRun.objects.get()

        client.post(reverse("admin:editorial_importrun_abandon", args=[run.pk]), follow=True)

        run.refresh_from_db()
        assert run.stage == "abandoned"
        assert list(uploads.FOLDER.iterdir()) == []

    def test_refuses_what_is_too_large_for_a_request(self, uploaded, monkeypatch):
        monkeypatch.setattr(uploads, "LARGEST", 10)

        assert "manage.py import_dataset" in uploaded(ged()).content.decode()
        assert not ImportRun.objects.exists()

    def test_takes_no_file_of_a_stranger(self, monkeypatch):
        def written(self, *args, **options):
            raise AssertionError("a stranger's file is written to disk")

        monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", written)
        file = SimpleUploadedFile("large.bin", b"x" * 100_000)
        stranger = Client(enforce_csrf_checks=True)

        assert stranger.post("/account/sign-in/", {"login": "x", "file": file}).status_code == 403
        assert stranger.post(reverse(ADD), {"file": file}).status_code in (302, 403)

    def test_brings_rows_of_a_table_back(self, client, author):
        client.force_login(author)
        an_event()
        data = client.get(reverse("admin:editorial_importrun_export", args=["actor", "csv"])).content
        upload = SimpleUploadedFile("actor.csv", data.replace(b"Malian Army", b"Army of Mali"))

        client.post(reverse(ADD), {"holds": "actor", "file": upload})
        client.post(reverse("admin:editorial_importrun_confirm", args=[ImportRun.objects.get().pk]))

        assert Actor.objects.get().name == "Army of Mali"


class TestDeciding:
    """On the names and rows of a file, before it is confirmed."""

    @pytest.fixture
    def page(self, uploaded):
        uploaded(ged(), ged(id="2"))
        return reverse("admin:editorial_importrun_change", args=[ImportRun.objects.get().pk])

    @pytest.fixture
    def decided(self, client):
        def decide(**given):
            address = reverse("admin:editorial_importrun_decide", args=[ImportRun.objects.get().pk])
            return client.post(address, given, follow=True).content.decode()

        return decide

    def test_shows_names_with_what_they_are(self, client, page):
        shown = client.get(page, {"names": "actor"}).content.decode()

        assert 'Blue Army<br><span class="quiet">armed group</span>' in shown
        assert "leave out" in shown

    def test_shows_its_places_on_a_map_wherever_they_lie(self, client, uploaded):
        elsewhere = {"latitude": "21.9", "longitude": "96.1", "country": "Elsewhere"}
        uploaded(ged(), ged(id="2", where_coordinates="Beta town", **elsewhere))
        page = reverse("admin:editorial_importrun_change", args=[ImportRun.objects.get().pk])

        shown = client.get(page, {"names": "place"}).content.decode()

        assert "Map: 2 new places, 2 in all" in shown
        left, top, width, height = map(float, re.search(r'viewBox="([-\d. ]+)"', shown)[1].split())
        dots = re.findall(r'<circle class="new" cx="([-\d.]+)" cy="([-\d.]+)" r="[\d.]+"><title>(.*?)<', shown)
        assert {name for *_, name in dots} == {"Alpha town", "Beta town"}
        assert all(left < float(x) < left + width and top < float(y) < top + height for x, y, _ in dots)

    def test_maps_a_name_and_reads_the_file_again(self, client, page, decided):
        Actor.objects.create(key="blue", name="Bleus", kind="armed_group")
        mention = ImportMention.objects.get(name="Blue Army")

        shown = decided(**{"names": "actor", f"verdict-{mention.pk}": "map", f"target-{mention.pk}": "blue"})

        assert "1 decided; the preview takes account of it" in shown
        assert 'Bleus <span class="quiet">blue, by decision' in shown
        client.post(page.replace("change/", "confirm/"))
        assert Actor.objects.get(key="blue").participations.count() == 2

    def test_takes_a_key_alone_for_what_the_name_stands_for(self, page, decided):
        Actor.objects.create(key="blue", name="Bleus", kind="armed_group")
        mention = ImportMention.objects.get(name="Blue Army")

        decided(**{"names": "actor", f"verdict-{mention.pk}": "", f"target-{mention.pk}": "blue"})

        assert ImportMention.objects.get(name="Blue Army").match == "blue"

    def test_says_what_is_wrong_with_a_key(self, page, decided):
        mention = ImportMention.objects.get(name="Blue Army")

        shown = decided(**{"names": "actor", f"verdict-{mention.pk}": "map", f"target-{mention.pk}": "nobody"})

        assert "The desk has no actor nobody" in shown

    def test_leaves_what_was_decided_as_it_is_and_can_forget_it(self, page, decided):
        mention = ImportMention.objects.get(name="Blue Army")
        decided(**{"names": "actor", f"verdict-{mention.pk}": "leave_out"})

        for verdict, left in (("", 1), ("leave_out", 1), ("forget", 0)):
            mention = ImportMention.objects.get(name="Blue Army")
            decided(**{"names": "actor", f"verdict-{mention.pk}": verdict})
            assert ImportChoice.objects.count() == left

    def test_leaves_rows_out_and_takes_them_after_all(self, client, page, decided):
        decided(row="2")
        assert ImportRun.objects.get().passed_over == 1
        assert "Left out, as somebody decided" in client.get(page, {"outcome": "passed_over"}).content.decode()

        decided(take="2")

        assert ImportRun.objects.get().new == 2


class TestExporting:
    def test_of_a_list_escapes_formulas(self, client, author):
        client.force_login(author)
        Actor.objects.create(key="x", name="=cmd()", kind="armed_group")
        address = reverse("admin:conflict_actor_export")
        assert client.get(address).status_code == 200

        answer = client.post(address, {"format": "0"})

        assert b"'=cmd()" in answer.content

    def test_keeps_restricted_sources_from_those_who_may_not_see_them(self, client, author, chief):
        Source.objects.create(key="secret", title="Secret", kind="news", access=SourceAccess.RESTRICTED)
        address = reverse("admin:editorial_importrun_export", args=["source", "csv"])

        client.force_login(author)
        assert b"secret" not in client.get(address).content
        client.force_login(chief)
        assert b"secret" in client.get(address).content

    def test_lists_every_table(self, client, author):
        client.force_login(author)

        assert "participation.xlsx" in client.get(reverse("admin:editorial_importrun_tables")).content.decode()


class TestDoors:
    """An administrator keeps accounts, and edits nothing."""

    @pytest.mark.parametrize("address", [ADD, "admin:editorial_importrun_tables"])
    def test_are_closed_to_an_administrator(self, address, client, administrator):
        client.force_login(administrator)

        assert client.get(reverse(address)).status_code == 403

    def test_of_a_run_are_closed_to_an_administrator(self, client, uploaded, administrator):
        uploaded(ged())
        run = ImportRun.objects.get()
        client.force_login(administrator)

        statuses = [
            client.get(reverse("admin:editorial_importrun_change", args=[run.pk])).status_code,
            client.post(reverse("admin:editorial_importrun_confirm", args=[run.pk])).status_code,
            client.post(reverse("admin:editorial_importrun_abandon", args=[run.pk])).status_code,
            client.get(reverse("admin:editorial_importrun_export", args=["actor", "csv"])).status_code,
            client.get(reverse("admin:conflict_actor_export")).status_code,
            client.post(reverse("admin:editorial_importrun_propose", args=[run.pk])).status_code,
            client.post(reverse("admin:editorial_importrun_decide", args=[run.pk])).status_code,
            client.post(reverse("admin:editorial_importrun_undo", args=[run.pk])).status_code,
            client.get(reverse("admin:editorial_importrun_batches", args=[run.pk])).status_code,
            client.post(reverse("admin:editorial_importrun_batches", args=[run.pk])).status_code,
            client.get(reverse("admin:editorial_importrun_refused", args=[run.pk])).status_code,
        ]

        assert statuses == [404, *[403] * 10]
        assert not Event.objects.exists()

    def test_are_not_opened_by_a_link(self, client, uploaded):
        uploaded(ged())
        run = ImportRun.objects.get()

        assert client.get(reverse("admin:editorial_importrun_confirm", args=[run.pk])).status_code == 405
