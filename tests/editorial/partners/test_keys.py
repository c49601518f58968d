"""Keys: refusals, storage, permission to issue them, and rate limits."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.settings import api_settings

from conflict.public import throttles
from editorial.models import AuditEntry, PartnerKey
from editorial.models.partner import Scope
from editorial.partners import keys
from editorial.workflow.exceptions import NotPermitted, WorkflowRefused
from tests.desk import just_signed_in
from tests.editorial.partners.conftest import under

pytestmark = pytest.mark.django_db
SHAPE = {"code", "message", "field", "docs"}
ROOT = "/api/v1/"


def ask(client, authorization, path=ROOT):
    return client.get(path, headers={"Authorization": authorization})


class TestAKey:
    def test_opens_what_it_is_for(self, client, key):
        assert ask(client, f"Key {key.text}", "/api/v1/proposals/").status_code == 200
        assert ask(client, f"key {key.text}").status_code == 200

    @pytest.mark.parametrize(
        "made",
        [
            "Key",
            "Key ",
            "Key nonsense",
            "Key {prefix}",
            "Key {prefix}.",
            "Key {prefix}.{wrong}",
            "Key aaaaaaaaaa.{secret}",
            "Key {prefix}.{secret}x",
            "Key {prefix}.{secret} more",
            "Key {prefix}.é",
            "Key " + "x" * 5000,
        ],
    )
    def test_that_is_none_answers_401_with_the_scheme(self, client, key, made):
        prefix, _, secret = key.text.partition(".")
        answer = ask(client, made.format(prefix=prefix, secret=secret, wrong="A" * len(secret)))

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Key ")
        assert answer.json().keys() == SHAPE
        assert answer.json()["code"] == "invalid_key"
        assert answer["Cache-Control"] == "no-store"

    def test_that_nobody_has_answers_like_one_with_a_wrong_secret(self, client, key):
        prefix, _, secret = key.text.partition(".")

        assert ask(client, f"Key aaaaaaaaaa.{secret}").json() == ask(client, f"Key {prefix}.{'A' * 43}").json()

    def test_expired_answers_401(self, client, issue):
        old = issue(at=timezone.now() - timedelta(days=9), expires_on=timezone.now().date() - timedelta(days=1))

        answer = ask(client, f"Key {old.text}")

        assert (answer.status_code, answer.json()["code"]) == (401, "key_expired")

    def test_opens_on_its_last_day(self, client, issue):
        assert ask(client, f"Key {issue(expires_on=timezone.now().date()).text}").status_code == 200

    def test_revoked_answers_401_at_once(self, client, key, administrator, django_capture_on_commit_callbacks):
        assert ask(client, f"Key {key.text}").status_code == 200

        with django_capture_on_commit_callbacks(execute=True):
            keys.revoke(key=key.key, by=administrator, at=timezone.now())

        answer = ask(client, f"Key {key.text}")
        assert (answer.status_code, answer.json()["code"]) == (401, "key_revoked")

    @pytest.mark.parametrize(
        ("networks", "status"),
        [
            (["127.0.0.1"], 200),
            (["127.0.0.0/8"], 200),
            (["10.0.0.0/8", "127.0.0.1/32"], 200),
            (["10.0.0.0/8"], 403),
            (["2001:db8::/32"], 403),
        ],
    )
    def test_opens_from_its_networks_alone(self, client, issue, networks, status):
        answer = ask(client, f"Key {issue(networks=networks).text}")

        assert answer.status_code == status
        if status == 403:
            assert answer.json().keys() == SHAPE
            assert answer.json()["code"] == "foreign_network"

    @pytest.mark.parametrize(
        ("seen", "status"),
        [
            ("10.1.2.3", 200),
            ("203.0.113.9, 10.1.2.3", 200),
            ("10.1.2.3, 203.0.113.9", 403),
            ("", 403),
            ("10.1.2.3:4711", 403),
            ("unknown", 403),
            ("::ffff:10.1.2.3", 200),
        ],
    )
    def test_behind_a_proxy_goes_by_what_the_proxy_saw_and_not_by_what_the_client_says(
        self, client, issue, monkeypatch, seen, status
    ):
        monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
        networked = issue(networks=["10.0.0.0/8"])

        answer = client.get(ROOT, headers={"Authorization": f"Key {networked.text}", "X-Forwarded-For": seen})

        assert answer.status_code == status

    def test_without_a_proxy_believes_no_header_about_the_address(self, client, issue):
        networked = issue(networks=["10.0.0.0/8"])

        answer = client.get(ROOT, headers={"Authorization": f"Key {networked.text}", "X-Forwarded-For": "10.1.2.3"})

        assert answer.status_code == 403

    def test_is_not_read_from_the_address(self, client, key):
        assert client.get(ROOT, {"key": key.text}).json()["code"] == "unknown_parameter"
        assert client.get("/api/v1/proposals/", {"authorization": f"Key {key.text}"}).status_code == 401

    @pytest.mark.parametrize("scheme", ["Basic dXNlcjpwYXNz", "Bearer abc", "Keys x"])
    def test_of_another_scheme_is_nobodys_business(self, client, db, scheme):
        assert ask(client, scheme).status_code == 200
        assert ask(client, scheme, "/api/v1/proposals/").status_code == 401

    def test_costs_one_query_and_then_none(self, client, key, django_assert_num_queries):
        ask(client, f"Key {key.text}")
        with django_assert_num_queries(1):  # the head of the log
            ask(client, f"Key {key.text}")

    def test_without_any_no_partner_is_looked_up(self, client, db):
        with CaptureQueriesContext(connection) as asked:
            client.get(ROOT)

        assert len(asked)
        assert not [query for query in asked.captured_queries if "partner" in query["sql"]]

    def test_notes_its_last_use_to_the_hour(self, client, key):
        ask(client, f"Key {key.text}")

        used = PartnerKey.objects.get(pk=key.key.pk).last_used_at
        assert used is not None
        assert (used.minute, used.second, used.microsecond) == (0, 0, 0)

    def test_tried_wrongly_too_often_is_429(self, client, key):
        answers = [ask(client, f"Key aaaaaaaaaa.{'A' * 43}").status_code for _ in range(32)]

        assert answers[:30] == [401] * 30
        assert answers[31] == 429
        assert ask(client, f"Key {key.text}").status_code == 200


class TestWhatIsKept:
    def test_is_not_the_secret_nor_a_plain_hash(self, key):
        secret = key.text.partition(".")[2]
        row = " ".join(map(str, PartnerKey.objects.filter(pk=key.key.pk).values_list()[0]))

        assert secret not in row
        assert len(secret) >= 43

    def test_is_worth_nothing_under_another_pepper(self, client, key, settings):
        settings.KEY_PEPPER = "another"

        assert ask(client, f"Key {key.text}").status_code == 401

    def test_is_stored_anew_when_it_is_used_after_the_pepper_was_changed(self, client, key, settings):
        settings.KEY_PEPPER, settings.KEY_PEPPER_FALLBACKS = "another", [settings.KEY_PEPPER]
        assert ask(client, f"Key {key.text}x").status_code == 401
        assert ask(client, f"Key {key.text}").status_code == 200

        settings.KEY_PEPPER_FALLBACKS = []
        cache.clear()
        caches["process"].clear()

        assert ask(client, f"Key {key.text}").status_code == 200

    def test_is_nothing_in_the_log(self, client, key, caplog):
        with caplog.at_level(logging.DEBUG):
            ask(client, f"Key {key.text}")
            ask(client, f"Key {key.text}x")
            client.post("/api/v1/proposals/", "{", content_type="application/json", headers=under(key))

        assert key.text.partition(".")[2] not in caplog.text

    def test_never_stands_in_the_audit(self, key):
        audit_entry = AuditEntry.objects.get(verb="issue_key")

        assert key.key.prefix in audit_entry.why
        assert key.text not in audit_entry.why

    def test_refuses_a_network_that_is_none(self, issue):
        with pytest.raises(ValidationError, match="is no network"):
            issue(networks=["300.1.1.1/8"])

    def test_refuses_a_key_that_opens_nothing(self, issue):
        with pytest.raises(ValidationError):
            issue(scopes=[])


class TestIssuing:
    @pytest.mark.parametrize(("who", "may"), [("author", False), ("reviewer", False), ("chief", True), ("administrator", True)])  # fmt: skip
    def test_is_for_managing_editors_and_administrators(self, request, partner, who, may):
        person = request.getfixturevalue(who)

        if may:
            issued = keys.issue(partner=partner, by=person, at=timezone.now(), scopes=[Scope.READ])
            keys.revoke(key=issued.key, by=person, at=timezone.now())
        else:
            with pytest.raises(NotPermitted):
                keys.issue(partner=partner, by=person, at=timezone.now(), scopes=[Scope.READ])

    def test_anew_gives_a_second_key_that_opens_the_same_while_the_old_goes_on(self, client, issue, chief):
        old = issue(
            scopes=[Scope.PROPOSE], networks=["127.0.0.1"], expires_on=timezone.now().date() + timedelta(days=9)
        )

        new = keys.rotate(key=old.key, by=chief, at=timezone.now())

        assert new.text != old.text
        assert (new.key.scopes, new.key.networks, new.key.expires_on) == (
            old.key.scopes,
            old.key.networks,
            old.key.expires_on,
        )
        assert {ask(client, f"Key {one.text}").status_code for one in (old, new)} == {200}

    def test_twice_revoked_is_refused(self, key, chief):
        keys.revoke(key=key.key, by=chief, at=timezone.now())
        with pytest.raises(WorkflowRefused, match="revoked already"):
            keys.revoke(key=key.key, by=chief, at=timezone.now())


class TestHowOften:
    def test_a_key_may_ask_is_more_than_an_address(self, client, key, settings):
        settings.API_REQUESTS_PER_MINUTE, settings.API_REQUESTS_PER_MINUTE_WITH_KEY = 2, 4

        nobody = [client.get(ROOT).status_code for _ in range(3)]
        partner = [ask(client, f"Key {key.text}") for _ in range(5)]

        assert nobody == [200, 200, 429]
        assert [answer.status_code for answer in partner] == [200] * 4 + [429]
        assert partner[0]["RateLimit-Limit"] == "4"

    def test_each_key_is_counted_by_itself(self, client, key, stranger, settings):
        settings.API_REQUESTS_PER_MINUTE_WITH_KEY = 1

        assert [ask(client, f"Key {one.text}").status_code for one in (key, stranger, key)] == [200, 200, 429]

    def test_goes_by_all_that_was_asked_within_a_minute_wherever_the_clock_stands(
        self, client, key, settings, monkeypatch
    ):
        settings.API_REQUESTS_PER_MINUTE_WITH_KEY = 10
        counted = []
        for second in (59, 61, 90, 119, 179):
            monkeypatch.setattr("conflict.public.throttles.time.time", lambda second=second: 6_000_000 + second)
            answers = [ask(client, f"Key {key.text}").status_code for _ in range(12)]
            counted.append(answers.count(200))

        assert counted[:2] == [10, 0]
        assert 4 <= counted[2] <= 5
        assert 9 <= sum(counted[2:4]) <= 10
        assert counted[4] == 9

    def test_is_counted_together_by_requests_at_once(self, settings):
        with ThreadPoolExecutor(8) as pool:
            numbers = list(pool.map(lambda _: throttles.increment("at-once", 1, 60), range(200)))

        assert sorted(numbers) == list(range(1, 201))

    def test_a_key_without_that_scope_is_counted_like_anybody(self, client, issue, settings):
        settings.API_REQUESTS_PER_MINUTE = 1
        only = issue(scopes=[Scope.PROPOSE])

        assert [ask(client, f"Key {only.text}").status_code for _ in range(2)] == [200, 429]


class TestThePages:
    def page(self, partner, name="issue"):
        return reverse(f"admin:editorial_partner_{name}", args=[partner.pk])

    @pytest.mark.parametrize(("who", "status"), [("author", 403), ("reviewer", 403), ("chief", 200), ("administrator", 200)])  # fmt: skip
    def test_open_to_those_who_may(self, client, request, partner, who, status):
        client.force_login(request.getfixturevalue(who))

        assert client.get(self.page(partner)).status_code == status
        assert client.get(reverse("admin:editorial_partner_change", args=[partner.pk])).status_code == status

    def test_show_a_new_key_once_and_never_again(self, client, partner, administrator):
        client.force_login(administrator)
        just_signed_in(client, administrator)

        shown = client.post(self.page(partner), {"scopes": ["read"], "networks": "", "expires_on": ""})

        made = PartnerKey.objects.get()
        text = shown.content.decode().partition('value="' + made.prefix)[2].partition('"')[0]
        assert keys.is_right(made, made.prefix, text[1:])
        assert "no-store" in shown["Cache-Control"]
        again = client.get(reverse("admin:editorial_partner_change", args=[partner.pk])).content.decode()
        assert made.prefix in again
        assert text[1:] not in again

    def test_ask_again_who_it_is_before_a_key_is_made(self, client, partner, administrator):
        client.force_login(administrator)

        answer = client.post(self.page(partner), {"scopes": ["read"]})

        assert answer.status_code == 302
        assert "/confirm/" in answer["Location"]
        assert not PartnerKey.objects.exists()

    def test_say_which_field_is_wrong(self, client, partner, administrator):
        client.force_login(administrator)
        just_signed_in(client, administrator)

        answer = client.post(self.page(partner), {"scopes": ["read"], "networks": "nowhere"})

        assert "is no network" in answer.content.decode()
        assert not PartnerKey.objects.exists()

    def test_rotate_and_revoke(self, client, partner, key, chief):
        client.force_login(chief)
        just_signed_in(client, chief)

        assert client.post(self.page(key.key, "rotate")).status_code == 200
        assert client.post(self.page(key.key, "revoke")).status_code == 302
        assert partner.keys.in_force(timezone.now()).count() == 1

    def test_do_nothing_for_a_reviewer(self, client, key, reviewer):
        client.force_login(reviewer)
        just_signed_in(client, reviewer)

        assert client.post(self.page(key.key, "revoke")).status_code == 403
        assert client.get(self.page(key.key, "revoke")).status_code == 405
