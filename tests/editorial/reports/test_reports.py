"""A reader reports an error without an account; the desk opens and settles it; the receipt tells what became of it."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client

from conflict.record import clock
from editorial.models import Report
from editorial.reports import views
from editorial.workflow import reports
from editorial.workflow.exceptions import NotPermitted, WorkflowRefused
from tests import documents as doc

WRONG = {
    "kind": "error",
    "ground": "wrong_figure",
    "text": "They were 47.",
    "source": "Le Monde, p. 3",
    "contact": "a@b.example",
}
FORM = "/report/event/battle/"


@pytest.fixture(autouse=True)
def _public(db):
    caches["desk"].clear()
    doc.published(
        [doc.event("battle", "A battle", claims=[doc.claim("forty-six", "One counted 46.", low=46, high=46)])]
    )


def send(client, address=FORM, **changes):
    return client.post(address, {**WRONG, **changes})


class TestAReport:
    def test_is_sent_without_an_account_and_has_a_receipt_that_tells_what_became_of_it(self, client, author):
        receipt = send(client, "/report/claim/forty-six/")["Location"]
        report = Report.objects.get()
        assert (report.key, report.claim_key, report.version) == ("battle", "forty-six", 1)
        assert "not opened yet" in client.get(receipt).content.decode()
        assert "1 report is waiting" in client.get(FORM).content.decode()

        reports.open_report(report=report, by=author, at=clock.now())
        reports.settle(report=report, by=author, at=clock.now(), answer="Corrected: 47.")

        page = client.get(receipt)
        assert "Corrected: 47." in page.content.decode()
        assert author.username not in page.content.decode()
        assert page["Cache-Control"] == "no-store"
        assert "0 reports are waiting" in client.get(FORM).content.decode()
        report.refresh_from_db()
        assert report.contact == ""

    def test_says_nothing_in_public_of_what_it_says(self, client):
        receipt = send(client)["Location"]

        for address in (receipt, FORM, "/events/battle/", "/disputes/", "/changes/"):
            assert not re.search("They were 47|Le Monde|a@b.example", client.get(address).content.decode())

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"text": "x" * 100_000}, "at most 3000 characters"),
            ({"text": "See https://spam.example"}, "Links belong in the field for the source."),
            ({"source": "http://a http://b http://c"}, "Name the best source or two"),
            ({"text": " "}, "This field is required"),
            ({"ground": "spite"}, "Select a valid choice"),
        ],
    )
    def test_is_refused_beside_the_field_at_fault_and_keeps_the_rest(self, client, changes, fault):
        answer = send(client, **changes)

        assert answer.status_code == 400
        assert fault in answer.content.decode()
        assert "a@b.example" in answer.content.decode()
        assert not Report.objects.exists()

    def test_whose_cookie_is_lost_is_shown_again_with_its_text_and_sent_then(self):
        browser = Client(enforce_csrf_checks=True)

        page = browser.post(FORM, WRONG, HTTP_ORIGIN="http://testserver")
        assert page.status_code == 403
        assert "Nothing was sent yet, and your text is still below" in page.content.decode()
        assert "They were 47." in page.content.decode()

        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
        sent = browser.post(FORM, {**WRONG, "csrfmiddlewaretoken": token}, HTTP_ORIGIN="http://testserver")
        assert sent.status_code == 302
        assert browser.post(FORM, WRONG, HTTP_ORIGIN="https://elsewhere.example").status_code == 403

    @pytest.mark.parametrize(
        "address",
        ["/report/event/never-was/", "/report/claim/never-was/", "/report/user/1/", "/fr/report/event/never-was/"],
    )
    def test_is_about_something_public(self, client, address):
        assert client.get(address).status_code == 404

    def test_is_limited_by_address_and_over_all(self, client, monkeypatch):
        answers = [send(client).status_code for _ in range(views.EACH + 1)]
        assert answers == [302] * views.EACH + [429]
        assert "They were 47." in send(client).content.decode()

        monkeypatch.setattr(views, "ALL", views.EACH)
        assert client.post(FORM, WRONG, REMOTE_ADDR="192.0.2.9").status_code == 429
        Report.objects.update(received_at=clock.now() - timedelta(hours=2))
        assert client.post(FORM, WRONG, REMOTE_ADDR="192.0.2.9").status_code == 302


class TestSettling:
    def test_answers_by_e_mail_in_the_language_of_the_form(self, client, author, settings, mailoutbox):
        settings.EMAIL_HOST = "mail.example"
        client.post(f"/fr{FORM}", WRONG)
        client.force_login(author)
        report = Report.objects.get()
        page = f"/admin/editorial/report/{report.pk}/"
        client.post(f"{page}open/")
        assert "The sender reads French." in client.get(f"{page}change/").content.decode()

        client.post(f"{page}settle/", {"answer": "Corrigé : 47."})

        (mail,) = mailoutbox
        assert (mail.to, mail.subject) == (["a@b.example"], "Suite donnée à votre message")
        assert "Corrigé : 47." in mail.body
        assert "/fr/events/battle/\n" in mail.body
        assert author.username not in mail.body
        assert Report.objects.get().contact == ""

    def test_takes_an_answer_and_an_editor_and_an_opened_report(self, client, author, administrator):
        send(client)
        report, at = Report.objects.get(), clock.now()

        with pytest.raises(WorkflowRefused, match="nobody has opened it"):
            reports.settle(report=report, by=author, at=at, answer="Done.")
        with pytest.raises(NotPermitted):
            reports.open_report(report=report, by=administrator, at=at)
        reports.open_report(report=report, by=author, at=at)
        with pytest.raises(WorkflowRefused, match="Say what became of it"):
            reports.settle(report=report, by=author, at=at, answer=" \u200b\u2060\n")
        reports.settle(report=report, by=author, at=at, answer=" Corrige\u0301\u200b ")
        assert Report.objects.get().answer == "Corrigé"

    def test_is_done_at_the_desk_where_the_text_shows_once_opened(self, client, author):
        send(client)
        client.force_login(author)
        page = f"/admin/editorial/report/{Report.objects.get().pk}/"
        assert "They were 47." not in client.get(f"{page}change/").content.decode()

        client.post(f"{page}open/")
        assert "They were 47." in client.get(f"{page}change/").content.decode()
        client.post(f"{page}settle/", {"answer": "Thank you."})

        assert Report.objects.get().answer == "Thank you."
