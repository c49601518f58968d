"""Template tags of the desk: claims, names of verbs, the errors of a form."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from conflict import vocabulary
from conflict.models import ENTRIES
from conflict.public.word_changes import words_apart
from conflict.vocabulary import ClaimRelationKind
from conflict.wording import days, figures
from editorial.models.audit import verb_name
from editorial.workflow.remarks import may_be_suggested

register = template.Library()

EMPTY_HEADING = re.compile(r"<th([^>]*)></th>")

WORDS = {
    "added": pgettext_lazy("word", "added"),
    "removed": pgettext_lazy("word", "removed"),
    "changed": pgettext_lazy("word", "changed"),
    "preferred": pgettext_lazy("word", "preferred"),
    "normal": pgettext_lazy("word", "normal"),
    "deprecated": pgettext_lazy("word", "deprecated"),
    "upheld": pgettext_lazy("word", "upheld"),
    "rejected": pgettext_lazy("word", "rejected"),
    "withdrawn": pgettext_lazy("word", "withdrawn"),
}


@register.filter
def at(table: Mapping[str, Any], key: str) -> Any:
    """Look up a key that is only known when the page is rendered."""
    return table.get(key, "")


register.filter("figure", figures.counted)


register.filter("in_words", days.words)


@register.filter
def claimed(claim: Any) -> str:
    """The figure of a claim on the desk, in words."""
    return figures.counted({name: getattr(claim, name) for name in ("low", "high", "best", "qualifier", "unit")})


@register.filter
def plain(word: str) -> str:
    """A word of the software in the language of the page."""
    return str(WORDS.get(word, word))


register.filter("kind", vocabulary.kind_label)
register.filter("verb", verb_name)


@register.filter
def kinds(kind: str, number: int) -> str:
    """The name of a kind of entry, as many as are counted."""
    names = ENTRIES[kind]._meta
    return str(names.verbose_name if number == 1 else names.verbose_name_plural)


@register.filter
def words(kind: str) -> str:
    return str(ClaimRelationKind(kind).label)


@register.filter
def marked(difference: Any) -> tuple[str, str]:
    """A difference as HTML, before and after, with the words marked that changed."""
    before, after = words_apart(difference.before, difference.after)
    return linebreaksbr(before), linebreaksbr(after)


@register.filter
def place(difference: Any, part: Any) -> str:
    """Place of a difference in its entry: `title`, `claims attack-46 statement`; empty for a row without a key."""
    if not difference.name or len(part.path) > 1:
        return ""
    child = [f"{name} {row['key']}" for name, _title, row in part.path if "key" in row]
    return " ".join([*child, difference.name]) if len(child) == len(part.path) else ""


register.filter(may_be_suggested)


@register.filter
def words_of(text: str) -> list[str]:
    return text.split()


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of a form, and the id of the input that it belongs to."""

    anchor: str
    label: str
    message: str


@register.filter
def without_empty_headings(html: SafeString) -> SafeString:
    """The table with plain cells where its head has headings without a word."""
    return mark_safe(EMPTY_HEADING.sub(r"<td\1></td>", html))  # noqa: S308  # a part of a rendered page


@register.simple_tag
def faults(adminform: Any, inlines: Iterable[Any]) -> list[Fault]:
    """All errors of the page's forms, in the order of the page."""
    found = list(_of_form(adminform.form, ""))
    for inline in inlines:
        title = capfirst(str(inline.opts.verbose_name_plural).partition(":")[0])
        found += [Fault(f"{inline.formset.prefix}-group", title, text) for text in inline.formset.non_form_errors()]
        for number, form in enumerate(inline.formset.forms, 1):
            found += _of_form(form, f"{title} {number}: ")
    return found


def _of_form(form: Any, before: str) -> Iterator[Fault]:
    for name, errors in form.errors.items():
        for error in errors:
            if name in form.fields:
                yield Fault(form[name].id_for_label, f"{before}{capfirst(str(form[name].label))}", str(error))
            else:
                yield Fault(
                    f"{form.prefix}-group" if form.prefix else "content-main",
                    before.rstrip(": ") or _("The entry"),
                    str(error),
                )
