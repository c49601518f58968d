"""Cards: what lists show of an event, worded once for each language of the site, when what it shows is published."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings

from conflict.wording import headlines
from conflict.wording.headlines import Headline
from conflict.wording.localized_texts import localized
from conflict.wording.messages import one_language

Body = dict[str, Any]
SAME = ("key", "when", "year_basis", "kind", "standing", "title", "location", "period")
IN_THE_BODY = "en"  # language of a body's own headline


def text(shown: Body, body: str, in_the_body: Sequence[Headline]) -> str:
    """Card of the event as JSON text. `body` is its body as text, `in_the_body` are the headlines worded for that."""
    card = {name: shown[name] for name in SAME}
    titles = {tag: fields["title"] for tag, fields in shown["translations"].items() if "title" in fields}
    card["translations"] = {tag: {"title": title} for tag, title in titles.items()}
    card["claims"], card["notices"] = len(shown["claims"]), len(shown["notices"])
    card["headlines"] = {tag: _headlines(tag, shown, body, in_the_body) for tag, _name in settings.LANGUAGES}
    return msgspec.json.encode(card, enc_hook=str).decode()


def _headlines(tag: str, shown: Body, body: str, in_the_body: Sequence[Headline]) -> Sequence[Headline]:
    if not in_the_body:
        return ()
    if tag != settings.ORIGINAL_LANGUAGE and f'"{tag}":' in body:  # something of it is translated
        shown = localized(msgspec.json.decode(body), tag)
    elif tag == IN_THE_BODY:
        return in_the_body
    with one_language(tag):
        return headlines.headlines(shown)
