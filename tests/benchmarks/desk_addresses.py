"""Addresses of every page of the desk, generated from the admin's registry: none is listed by hand."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.admin import ModelAdmin
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

WORD = "gunfire"  # in one of some thousand texts of the benchmarks' world
TYPED = "Front"  # begins many names there
CHOICES = 2  # of each filter of a list


class Address(NamedTuple):
    kind: str
    name: str
    path: str


def addresses(site: Any, user: Any) -> Iterator[Address]:
    for name in dict.fromkeys(url.name for url in site.get_urls() if getattr(url, "name", None)):
        if path := _reversed(name, ((), ("conflict",))):
            yield Address("page of the desk", name, path)
    yield Address("page of the desk", "find a word", f"{reverse('admin:find')}?q={WORD}")
    for model, model_admin in site._registry.items():
        yield from _lists(model_admin, user)
        yield from _autocompletes(site, model, *(inline.model for inline in model_admin.inlines))
        yield from _pages(model, model_admin)


def _lists(model_admin: "ModelAdmin[Any]", user: Any) -> Iterator[Address]:
    options = model_admin.model._meta
    path = _reversed(f"{options.app_label}_{options.model_name}_changelist")
    if path is None or not model_admin.has_view_permission(asked := _request(path, user)):
        return
    name = f"list of {options.verbose_name_plural}"
    yield Address("list", name, path)
    yield Address("list", f"{name}, a late page", f"{path}?p=3")
    if model_admin.get_search_fields(asked):
        yield Address("search", f"{name}, searched", f"{path}?q={WORD}")
        yield Address("search", f"{name}, searched for what is common", f"{path}?q={TYPED.lower()}")
    changelist = model_admin.get_changelist_instance(asked)
    for spec in changelist.filter_specs:
        choices = [choice for choice in spec.choices(changelist) if not choice.get("selected") and choice.get("query_string")]  # fmt: skip
        for choice in choices[:CHOICES]:
            yield Address("filter", f"{name}, {spec.title}: {choice['display']}", path + choice["query_string"])
        if not choices and getattr(spec, "parameter_name", None):
            query = urlencode({spec.parameter_name: TYPED})
            yield Address("filter", f"{name}, {spec.title}: {TYPED}", f"{path}?{query}")
    for place, column in enumerate(changelist.list_display):
        if changelist.get_ordering_field(column) and (changelist.sortable_by is None or column in changelist.sortable_by):  # fmt: skip
            yield Address("order", f"{name}, by {column}", f"{path}?o={place}")


def _autocompletes(site: Any, *models: type[Model]) -> Iterator[Address]:
    for model in models:
        for field in model._meta.fields:
            if isinstance(field, ForeignKey) and field.remote_field.model in site._registry:
                asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field.name}  # fmt: skip
                for term in ("", TYPED):
                    query = urlencode({**asked, "term": term})
                    name = f"{model._meta.verbose_name}, {field.verbose_name}: {term or 'nothing typed'}"
                    yield Address("autocomplete", name, f"{reverse('admin:autocomplete')}?{query}")


def _pages(model: type[Model], model_admin: "ModelAdmin[Any]") -> Iterator[Address]:
    """Forms, imports, exports, comparisons: whatever else the model has, for its first row where one is needed."""
    row = model._default_manager.order_by("pk").first()
    for name in dict.fromkeys(url.name for url in model_admin.get_urls() if getattr(url, "name", None)):
        if name.endswith("_changelist"):
            continue
        if path := _reversed(name, ((), (row.pk,) if row else ())):
            yield Address("form", name, path)


def _reversed(name: str, choices: tuple[tuple[Any, ...], ...] = ((),)) -> str | None:
    for arguments in choices:
        try:
            return reverse(f"admin:{name}", args=arguments)
        except NoReverseMatch:
            continue
    return None


def _request(path: str, user: Any) -> HttpRequest:
    request: HttpRequest = RequestFactory().get(path)
    request.user, request.session = user, {}  # type: ignore[assignment]
    return request
