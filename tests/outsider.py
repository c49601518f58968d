"""The public side as an outsider meets it: every address that it names itself, from its front doors."""

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.test import Client

STARTS = ("/", "/chronology/", "/api/v1/", "/search/?q=konna", "/changes/", "/notices/", "/sitemap.xml", "/api/v1/schema/", "/robots.txt")  # fmt: skip
WITHOUT_ACCOUNT = re.compile(r"^/(admin|accounts?|static)/")


def answered(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address, headers={"accept": "*/*"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, content.decode(errors="replace") + str(dict(answer.items()))


def crawl(client: Client, limit: int = 400, starts: Sequence[str] = STARTS) -> dict[str, tuple[int, str]]:
    """Status and text by address."""
    waiting, answers = list(starts), {}
    while waiting and len(answers) < limit:
        address = waiting.pop(0)
        if address in answers:
            continue
        answers[address] = answered(client, address)
        for found in re.findall(
            r'(?:href|src|loc)="?>?([^"<>\s]+)|(https?://testserver[^"<>\s\\]+)', answers[address][1]
        ):
            link = urlsplit(urljoin(f"http://testserver{address}", unescape(next(filter(None, found)))))
            path = link.path + (f"?{link.query}" if link.query else "")
            if link.netloc == "testserver" and not WITHOUT_ACCOUNT.match(link.path) and path not in answers:
                waiting.append(path)
    return answers
