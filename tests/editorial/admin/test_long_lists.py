"""Desk lists too long to page through."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from conflict.models import Claim, Event, Finding, Participation, Source
from editorial.admin import pagination, search
from editorial.models import Partner, RoleChange, SheetMapping, User
from editorial.site import NamedAutocomplete
from tests.desk import an_event, just_signed_in

EVENTS = "/admin/conflict/event/"
GROWING = {Event, Claim, Finding, Participation, Source}  # with every event that is entered: up to millions of rows
FEW = {User, Group, Partner, RoleChange, SheetMapping}  # of which even a large desk has some dozens


@pytest.fixture
def desk(client, db):
    for key in ("2013-01-10-konna", "2013-01-11-konna", "2013-01-12-konna"):
        an_event(key)
    editor = User.objects.create_superuser("editor", password="secret-of-the-test")
    client.force_login(editor)
    just_signed_in(client, editor)
    return client


class TestALongList:
    def test_says_that_it_is_counted_no_further(self, desk, monkeypatch):
        monkeypatch.setattr(pagination.BoundedPaginator, "most", 2)

        assert "2+ events" in desk.get(EVENTS).content.decode()

    def test_is_searched_less_far(self, desk, monkeypatch):
        monkeypatch.setattr(pagination.FoundPaginator, "most", 2)

        assert "2+ results" in desk.get(EVENTS, {"q": "konna"}).content.decode()
        assert "3 events" in desk.get(EVENTS).content.decode()


class TestAFieldThatCompletesItself:
    def test_offers_the_next_rows_without_counting_any(self, desk, monkeypatch):
        monkeypatch.setattr(NamedAutocomplete, "paginate_by", 2)
        field = {"app_label": "conflict", "model_name": "citation", "field_name": "event", "term": "konna"}
        with CaptureQueriesContext(connection) as queries:
            pages = [desk.get(reverse("admin:autocomplete"), {**field, "page": page}) for page in (1, 2, 3)]

        assert [len(page.json()["results"]) for page in pages[:2]] == [2, 1]
        assert [page.json()["pagination"]["more"] for page in pages[:2]] == [True, False]
        assert pages[2].status_code == 404
        assert not [query["sql"] for query in queries if f"LIMIT {pagination.COUNTED_OF_FOUND + 1}" in query["sql"]]


class TestASearchBox:
    @pytest.mark.parametrize("common", [1, 1000], ids=["read in its order", "looked up by index"])
    @pytest.mark.parametrize(
        ("path", "asked", "found"),
        [
            (EVENTS, "KÓNNA falls", 3),
            (EVENTS, "01-11 falls", 1),
            (EVENTS, '"falls konna"', 0),
            ("/admin/conflict/claim/", "dead 01-10", 1),
            ("/admin/conflict/participation/", "mali 01-12", 1),
            ("/admin/conflict/source/", "1", 1),
        ],
    )
    def test_finds_the_same_however_common_the_words_are(self, desk, monkeypatch, common, path, asked, found):
        monkeypatch.setattr(search, "COMMON", common)

        assert desk.get(path, {"q": asked}).context["cl"].result_count == found

    def test_asks_no_more_of_a_thousand_words_than_of_ten(self, desk):
        with CaptureQueriesContext(connection) as few:
            desk.get("/admin/conflict/event/", {"q": " ".join(f"w{number}" for number in range(10))})
        with CaptureQueriesContext(connection) as many:
            desk.get("/admin/conflict/event/", {"q": " ".join(f"w{number}" for number in range(1000))})

        longest = [max(len(query["sql"]) for query in asked) for asked in (few, many)]
        assert len(many) == len(few)
        assert longest[1] < longest[0] * 1.2


def lists(user: User) -> Iterator[tuple[Any, str, Any]]:
    """Every list of the desk: the admin, its address, and a request for it."""
    for model, model_admin in admin.site._registry.items():
        try:
            path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        except NoReverseMatch:
            continue
        asked = RequestFactory().get(path)
        asked.user, asked.session = user, {}
        if model_admin.has_view_permission(asked):
            yield model_admin, path, asked


def orders(model_admin: Any, asked: Any) -> Iterator[tuple[str, QuerySet[Any]]]:
    """First pages of the list, in its own order and by each column that it can be sorted by."""
    changelist = model_admin.get_changelist_instance(asked)
    yield "as it stands", changelist.get_queryset(asked)[:50]
    if model_admin.model not in GROWING:
        return
    for place, column in enumerate(changelist.list_display):
        if changelist.get_ordering_field(column) and column in changelist.sortable_by:
            for sign in ("", "-"):
                asked.GET = QueryDict(f"o={sign}{place}")
                sorted_by = model_admin.get_changelist_instance(asked)
                yield f"by {sign}{column}", sorted_by.get_queryset(asked)[:50]


def plan(rows: QuerySet[Any], *avoided: str) -> str:
    """How PostgreSQL reads these where it may neither read a table whole nor do this, unless nothing else is left."""
    with transaction.atomic(), connection.cursor() as cursor:
        for step in ("seqscan", *avoided):
            cursor.execute(f"SET LOCAL enable_{step} = off")
        return rows.explain()


def owner(model: Any, lookup: str) -> tuple[Any, str]:
    """The model whose column a lookup across relations ends in, and the rest of the lookup."""
    first, _, rest = lookup.partition("__")
    field = model._meta.get_field(first)
    return owner(field.related_model, rest) if field.is_relation else (model, lookup)


class TestEveryList:
    @pytest.fixture
    def chief(self, db):
        return User.objects.create_superuser("chief", password="secret-of-the-test")

    def test_is_read_in_the_order_of_an_index(self, chief):
        plans = {
            f"{model_admin.opts.label} {name}": plan(rows, "sort")
            for model_admin, _path, asked in lists(chief)
            if model_admin.model not in FEW
            for name, rows in orders(model_admin, asked)
        }

        assert len(plans) > 20
        assert {name: found for name, found in plans.items() if re.search(r"(?<!Incremental )Sort  ", found)} == {}

    def test_that_grows_with_the_events_finds_what_is_chosen_by_an_index(self, chief):
        filters = [
            (model_admin.model, field)
            for model_admin, _path, asked in lists(chief)
            if model_admin.model in GROWING
            for field in model_admin.get_list_filter(asked)
            if isinstance(field, str)
        ]
        first = {
            model: {
                name
                for index in model._meta.indexes
                for name in (dict(index.condition.children) if index.condition else index.fields[:1])
            }
            for model in GROWING
        }

        assert len(filters) > 10
        assert [(model, field) for model, field in filters if field not in first[model]] == []

    def test_is_searched_by_indexes(self, chief):
        searched = {
            owner(model_admin.model, field)
            for model_admin, _path, asked in lists(chief)
            for field in model_admin.get_search_fields(asked)
            if field.endswith("__holds")
        }
        plans = {
            f"{model._meta.label} {lookup}": plan(model.objects.order_by().filter(**{lookup: "konna"}), "indexscan")
            for model, lookup in searched
        }

        assert len(plans) > 20
        assert {name for name, found in plans.items() if "_holds_" not in found} == set()

    def test_asks_as_much_of_three_events_as_of_six(self, desk):
        self._asked(desk)  # what a process looks up once
        few = self._asked(desk)
        for key in ("2013-01-13-konna", "2013-01-14-konna", "2013-01-15-konna"):
            an_event(key)

        assert self._asked(desk) == few

    def _asked(self, desk: Any) -> dict[str, int]:
        numbers = {}
        for model_admin, path, _asked in lists(User.objects.get()):
            if model_admin.model not in GROWING:
                continue
            with CaptureQueriesContext(connection) as queries:
                desk.get(path)
            numbers[model_admin.opts.label] = len(queries)
        return numbers
