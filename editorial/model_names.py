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
    for owner, attribute, context, name in english():
        setattr(owner, attribute, pgettext_lazy(context, name))


def english() -> Iterator[tuple[Any, str, str, str]]:
    """Each options object or field with an English name: owner, attribute, context of the translation, and the name."""
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)):
        options: Any = model._meta
        if not isinstance(options.verbose_name, Promise):  # not of Django itself, which translates its own
            yield options, "verbose_name_plural", "model", str(options.verbose_name_plural)
            yield options, "verbose_name", "model", options.verbose_name
        for field in [*options.local_fields, *options.local_many_to_many]:
            if not isinstance(field.verbose_name, Promise):
                yield field, "verbose_name", "field", field.verbose_name
