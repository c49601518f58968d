"""Typography of French: the spaces before its high signs and within its quotation marks never break."""

import re

from django.http import HttpResponse

from conflict.wording.messages import language

NO_BREAK = "\u00a0"
# A space before a sign that ends a word, and one after an opening quotation mark
SPACE = re.compile(r" (?=[:;?!»](?:[\s<»),.]|$))|(?<=«) ")


def typeset(response: HttpResponse) -> HttpResponse:
    """Set the spaces of the page as its language wants them."""
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = spaced(response.content.decode()).encode()
    return response


def spaced(text: str) -> str:
    """Text with its spaces set as the reader's language wants them."""
    return SPACE.sub(NO_BREAK, text) if language() == "fr" else text
