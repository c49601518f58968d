"""Common features of all responses: validators, cross-origin sharing, the root, single entries."""

import json
import re

import pytest
from django.conf import settings
from django.urls import reverse
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from conflict.api import errors
from conflict.api.resources import RESOURCES
from conflict.documents import canonical_text, sha256
from conflict.record.models import Publication, PublishedEvent
from editorial.webhooks import outbox
from tests.documents import event, published, withdrawn


class TestTheRoot:
    def test_lists_every_resource_and_the_head_of_the_log(self, ask, konna):
        root = ask().json()

        assert list(root["resources"]) == [resource.name for resource in RESOURCES]
        assert root["head"]["number"] == ask("publications", ordering="-number").json()["results"][0]["number"]

    def test_names_only_addresses_that_answer(self, ask, client, konna):
        root = ask().json()

        for url in [*(resource["url"] for resource in root["resources"].values()), root["schema"], root["docs"]]:
            assert client.get(url).status_code == 200, url

    def test_takes_no_parameter_but_the_format(self, db, ask):
        assert ask("", search="x").json()["field"] == "search"


class TestAnEntry:
    def test_is_served_as_the_record_keeps_it(self, ask, konna):
        assert ask("events/konna-taken").content.decode() == PublishedEvent.objects.get(key="konna-taken").body

    def test_of_the_chronology_has_all_that_a_partner_needs(self, ask, konna):
        served = ask("events/konna-taken").json()

        assert served.keys() >= {
            "key",
            "title",
            "summary",
            "kind",
            "when",
            "starts_on",
            "ends_before",
            "location",
            "period",
            "participants",
            "claims",
            "findings",
            "estimates",
            "notices",
            "citations",
            "version",
            "first_published_at",
            "changed_at",
        }
        assert served["claims"][0].keys() >= {
            "key",
            "claimant",
            "relayed_by",
            "kind",
            "measure",
            "subject",
            "low",
            "high",
            "qualifier",
            "made_on",
            "rank",
            "relations",
            "citations",
        }

    @pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
    def test_of_a_list_is_found_at_its_own_address(self, ask, konna, resource):
        for row in ask(resource.name).json()["results"]:
            key = row[resource.model._meta.pk.name]

            assert ask(f"{resource.name}/{key}").json() == row

    def test_costs_two_queries(self, ask, konna, django_assert_num_queries):
        ask("periods", page_size=1)  # the first answer under a head also reads its time
        with django_assert_num_queries(2):
            ask("events/konna-taken")


class TestTheLog:
    def test_can_be_verified_from_outside(self, ask, konna):
        previous = "0" * 64
        for row in ask("publications", page_size=200).json()["results"]:
            document, salt, sealed = (row.pop(name) for name in ("document", "salt", "sha256"))

            assert row["prev_sha256"] == previous
            assert row["document_sha256"] == sha256(salt + canonical_text(document))
            assert sealed == sha256(canonical_text(row))
            previous = sealed

    def test_has_a_withdrawal_without_a_document(self, ask, konna):
        number = withdrawn("notice", "settled")[0].number

        assert ask(f"publications/{number}").json()["document"] is None

    def test_gives_the_document_byte_for_byte(self, ask, db):
        (publication,) = published([event("a", "Caf\u00e9")])

        assert publication.document in ask("publications/1").content.decode()


class TestACopy:
    def test_that_still_stands_is_confirmed_with_one_query(self, ask, konna, django_assert_num_queries):
        etag = ask("events").headers["ETag"]

        with django_assert_num_queries(1):
            answer = ask("events", headers={"If-None-Match": etag})

        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == etag

    def test_is_outdated_by_any_publication(self, ask, konna):
        etag = ask("events").headers["ETag"]
        published([event("new")])

        assert ask("events", headers={"If-None-Match": etag}).status_code == 200

    def test_is_no_copy_of_another_address_or_format(self, ask, konna):
        etags = {
            ask("events").headers["ETag"],
            ask("actors").headers["ETag"],
            ask("events", kind="battle").headers["ETag"],
            ask("events", headers={"Accept": "application/json"}).headers["ETag"],
        }

        assert len(etags) == 4

    def test_may_be_kept_but_has_to_be_asked_about(self, ask, konna):
        answer = ask("events")

        assert answer.headers["Cache-Control"].startswith("public, max-age=0, ")
        assert answer.headers["Record-Head"] == str(json.loads(ask().content)["head"]["number"])


class TestAnotherSite:
    def test_may_read_everything(self, ask, konna):
        assert ask("events").headers["Access-Control-Allow-Origin"] == "*"
        assert "Record-Head" in ask("events").headers["Access-Control-Expose-Headers"]

    def test_may_ask_beforehand_whether_it_may(self, db, client):
        answer = client.options(
            "/api/v1/events/",
            headers={"Origin": "https://example.org", "Access-Control-Request-Headers": "if-none-match"},
        )

        assert answer.status_code == 204
        assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
        assert "POST" not in answer.headers["Access-Control-Allow-Methods"]

    def test_is_given_no_cookie(self, ask, konna):
        assert not ask("events").cookies


class TestAHeadRequest:
    def test_is_answered_like_a_get_without_the_body(self, client, konna):
        answer = client.head("/api/v1/events/")

        assert answer.status_code == 200
        assert answer.headers["ETag"] == client.get("/api/v1/events/").headers["ETag"]


class TestTheDescription:
    def test_is_openapi_3_1_and_valid(self, db, client):
        schema = client.get("/api/v1/schema/").json()

        assert schema["openapi"].startswith("3.1")
        validate_schema(schema)

    @pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
    def test_holds_for_what_is_served(self, ask, konna, resource):
        schema = ask("schema").json()
        shape = {"$ref": f"#/components/schemas/{resource.shape.__name__}Page", "components": schema["components"]}
        rows = ask(resource.name, page_size=200).json()

        faults = [f"{fault.json_path}: {fault.message}" for fault in Draft202012Validator(shape).iter_errors(rows)]

        assert faults == []
        described = schema["components"]["schemas"][resource.shape.__name__]
        for row in rows["results"]:
            assert set(described["required"]) <= row.keys() <= described["properties"].keys()

    @pytest.mark.parametrize("path", ["publications", "changes"])
    def test_holds_for_withdrawals_too(self, ask, konna, path):
        withdrawn("notice", "settled")
        schema = ask("schema").json()
        name = {"publications": "PublicationPage", "changes": "ChangePage"}[path]
        rows = ask(path, page_size=200).json()

        shape = {"$ref": f"#/components/schemas/{name}", "components": schema["components"]}
        faults = [f"{fault.json_path}: {fault.message}" for fault in Draft202012Validator(shape).iter_errors(rows)]

        assert faults == []
        assert [row["document"] for row in rows["results"]].count(None) == 1

    @pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
    @pytest.mark.parametrize("path", ["notices/settled", "events/never-was", "events"])
    def test_holds_for_refusals(self, ask, konna, path, accept):
        withdrawn("notice", "settled")
        components = ask("schema").json()["components"]
        answer = ask(path, page_size=0, headers={"Accept": f"{accept}, */*"})
        name = "Problem" if "problem" in accept else "Tombstone" if answer.status_code == 410 else "Error"

        shape = {"$ref": f"#/components/schemas/{name}", "components": components}
        assert [fault.message for fault in Draft202012Validator(shape).iter_errors(json.loads(answer.content))] == []

    def test_leaves_no_choice_between_anything_and_nothing(self, db, ask):
        """Null would fit both sides of such a `oneOf`, and so neither."""
        assert '"oneOf": [{}' not in json.dumps(ask("schema").json())

    def test_says_where_and_under_which_licence_and_names_its_tags(self, db, ask):
        schema = ask("schema").json()

        assert schema["servers"] == [{"url": "http://testserver", "description": "This site"}]
        assert schema["info"]["license"]["url"].startswith("https://creativecommons.org/licenses/by-sa/4.0")
        assert {"title", "version", "description", "contact"} < schema["info"].keys()
        assert schema["info"]["version"] == "1"
        assert "site.invalid" not in json.dumps(schema)
        used = {tag for path in schema["paths"].values() for operation in path.values() for tag in operation["tags"]}
        assert used <= {tag["name"] for tag in schema["tags"]}

    def test_has_names_of_operations_each_once_and_says_whether_they_need_a_key(self, db, ask):
        paths = ask("schema").json()["paths"]
        operations = [operation for path in paths.values() for operation in path.values()]

        assert len({operation["operationId"] for operation in operations}) == len(operations)
        assert paths["/api/v1/events/"]["get"]["security"] == [{}, {"partnerKey": []}]
        assert paths["/api/v1/proposals/"]["post"]["security"] == [{"partnerKey": []}]

    def test_describes_the_headers_that_are_sent(self, ask, konna):
        schema = ask("schema").json()
        answers = {"200": ask("events"), "404": ask("events/never-was")}
        for status, answer in answers.items():
            path = "/api/v1/events/" if status == "200" else "/api/v1/events/{key}/"
            described = schema["paths"][path]["get"]["responses"][status]["headers"].keys()

            assert described - {"Link"} <= {name.title() for name in answer.headers} | set(answer.headers), status
        assert "Retry-After" in schema["paths"]["/api/v1/events/"]["get"]["responses"]["429"]["headers"]

    def test_knows_every_code_of_a_refusal(self, db, ask):
        rooms = ("conflict/api", "conflict/public", "editorial/partners")
        sources = [path.read_text() for room in rooms for path in (settings.BASE_DIR / room).rglob("*.py")]
        raised = {code for text in sources for code in re.findall(r'code="(\w+)"', text)} | set(errors.CODES.values())
        enum = set(ask("schema").json()["components"]["schemas"]["ErrorCode"]["enum"])

        assert len(raised) > 15
        assert raised <= enum

    def test_describes_the_messages_of_webhooks(self, konna, ask):
        schema = ask("schema").json()
        shape = {"$ref": "#/components/schemas/RecordPublishedMessage", "components": schema["components"]}
        message = json.loads(outbox.body(list(Publication.objects.order_by("number")[:2])))

        assert [fault.message for fault in Draft202012Validator(shape).iter_errors(message)] == []
        assert "record.published" in schema["webhooks"]

    def test_describes_every_parameter_of_every_list(self, db, ask):
        paths = ask("schema").json()["paths"]
        for resource in RESOURCES:
            described = {parameter["name"] for parameter in paths[f"/api/v1/{resource.name}/"]["get"]["parameters"]}

            assert described >= {*resource.filters.base_filters, "cursor", "page_size", "ordering", "format"}

    def test_says_something_about_every_parameter(self, db, ask):
        for path, operations in ask("schema").json()["paths"].items():
            for parameter in operations["get"].get("parameters", []):
                assert parameter["in"] == "path" or parameter["description"], (path, parameter["name"])

    def test_is_told_to_people_in_the_frame_of_the_site(self, db, client):
        manual = client.get(reverse("api:docs")).content.decode()
        page = client.get(reverse("api:reference", args=["events"])).content.decode()

        assert 'id="errors"' in manual
        assert reverse("api:reference", args=["events"]) in manual
        assert 'aria-label="Main"' in page
        assert "<code>/api/v1/events/{key}/versions/</code>" in page
        assert "<code>dead_of</code>" in page
        assert "May have happened on this date or later." in page
        assert client.get(reverse("api:reference", args=["nothing"])).status_code == 404
