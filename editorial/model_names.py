"""Names of models and fields, translated. Django makes them of the names of classes and attributes, in English.

Neither migrations nor permissions see the translation: both read what the class was declared with.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

APPS = ("conflict", "editorial")


def translate() -> None:
    """Let every model and field of the desk give its name in the language of the request."""
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)):
        for owner, name, context in named(model):
            setattr(owner, name, pgettext_lazy(context, getattr(owner, name)))


def named(model: Any) -> Iterator[tuple[Any, str, str]]:
    """Options and fields that have an English name: the owner, the attribute, and the context of the translation."""
    for owner, name, context in (
        (model._meta, "verbose_name", "model"),
        (model._meta, "verbose_name_plural", "model"),
        *((field, "verbose_name", "field") for field in model._meta.local_fields + model._meta.local_many_to_many),
    ):
        if not isinstance(getattr(owner, name), Promise):
            yield owner, name, context
