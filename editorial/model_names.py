"""Names of models and fields, translated, and of rows. Django makes the former of names in the code, in English.

Neither migrations nor permissions see the translation: both read what the class was declared with.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import camel_case_to_spaces
from django.utils.translation import pgettext_lazy
from pghistory.models import Event

APPS = ("conflict", "editorial")


def translate() -> None:
    """Let every model and field of the desk give its name in the language of the request."""
    for owner, attribute, context, name in english():
        setattr(owner, attribute, pgettext_lazy(context, name))


def english() -> Iterator[tuple[Any, str, str, str]]:
    """Options and fields with an English name: owner, attribute, context of the translation, name. Without Django's own."""
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)):
        options: Any = model._meta
        name = options.original_attrs.get("verbose_name", camel_case_to_spaces(options.object_name))
        if not isinstance(name, Promise) and not issubclass(model, Event):  # a history is never named
            yield options, "verbose_name", "model", name
            several = options.original_attrs.get("verbose_name_plural", f"{name}s")
            yield options, "verbose_name_plural", "model", several
        for field in [*options.local_fields, *options.local_many_to_many]:
            name = field.name.replace("_", " ") if field._verbose_name is None else field._verbose_name
            if not (isinstance(name, Promise) or field.name.startswith("pgh_")):
                yield field, "verbose_name", "field", name


def choice_label(row: Any) -> str:
    """Label of an entry or a claim in a list of choices: its name and its key, of a period also what it is part of."""
    key = getattr(row, "key", None)
    if row._meta.model_name == "period" and row.parent is not None:
        return f"{row.parent} › {row} · {key}"
    return f"{row} · {key}" if key and str(row) != key else str(row)
