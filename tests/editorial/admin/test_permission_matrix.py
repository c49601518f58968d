"""Every desk URL by every role, generated from the URL configuration: one missing from the table fails."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from editorial.models import User
from tests.french_pages import english_left

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset({"contributor", "reviewer", "managing editor", "administrator"})
EDITORS = EVERYBODY - {"administrator"}
REVIEWERS = frozenset({"reviewer", "managing editor"})
CHIEF = frozenset({"managing editor"})
AUDITORS = frozenset({"managing editor", "administrator"})
ADMINISTRATOR = frozenset({"administrator"})
NOBODY: frozenset[str] = frozenset()

# Who is shown the page by a GET; the pattern is of the whole name of the address.
SHOWN: list[tuple[str, frozenset[str]]] = [
    (r"index|app_list|jsi18n|password_change_done|find|hints|inbox", EVERYBODY),
    (r"conflict_\w+_(changelist|change|history|compare|preview|accounts|bench)", EVERYBODY),
    (r"conflict_\w+_(add|delete|discard|dispute|export|journal|raise|tend)", EDITORS),
    (r"editorial_submission_propose", EDITORS),
    (r"editorial_report_(changelist|change)", EDITORS),
    (r"editorial_submission_unread", REVIEWERS),
    (r"editorial_rolechange_changelist|editorial_user_roles", ADMINISTRATOR),
    (r"conflict_\w+_retract", CHIEF),
    (r"conflict_\w+_erase", AUDITORS),
    (r"editorial_(submission|dispute)_(changelist|change)", EVERYBODY),
    (r"editorial_importrun_(changelist|add|tables)|editorial_sheetmapping_(changelist|add)", EDITORS),
    (r"editorial_proposal_changelist", EDITORS),
    (r"editorial_auditentry_(changelist|change|history|export)", AUDITORS),
    (r"editorial_partner_(changelist|add|change|history|issue|webhook)", AUDITORS),
    (r"editorial_webhook_(changelist|change|edit)|editorial_delivery_(changelist|change)", AUDITORS),
    (r"editorial_user_(changelist|add|change|history)|auth_user_password_change", ADMINISTRATOR),
    (r"auth_group_(changelist|change|history)", ADMINISTRATOR),
    (r"(editorial|auth|account|mfa|procrastinate)_\w+_(add|change|changelist|delete)", NOBODY),
]
# Nothing to show: the history of what has none, the sign-in of who is signed in, a question without its words.
LEADS_ELSEWHERE = r"view_on_site|conflict_source_queue|(editorial|account|mfa|procrastinate)_\w+_history|login|password_change|autocomplete|language"
ONLY_POSTED = r"editorial_(dispute_(reply|settle)|partner_(revoke|rotate)|webhook_(rotate|pause|resume|test)|delivery_send_again|submission_act|report_(open|settle))|conflict_\w+_together|watch|inbox_read|filter_(save|forget)|logout"
TESTED_WITH_THEIR_OBJECTS = {  # by these files
    r"editorial_importrun_(abandon|batches|confirm|decide|export|propose|refused|undo)": "tests/editorial/import_export/test_admin.py",
    r"editorial_proposal_(decline|take_up)": "tests/editorial/partners/test_proposals.py",
}


def addresses(patterns: Any = None, found: str = "") -> Iterator[tuple[str, str]]:
    """Names and routes below /admin/."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = found + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and pattern.name and re.match(r"\^?admin/", route):
            yield pattern.name, route


NAMES = sorted({name for name, _ in addresses()})


def address(name: str, things: dict[str, Any]) -> str | None:
    model = next((part for part in name.split("_") if part in things), None)
    thing = things.get(model or "")
    for arguments in ((), (thing.pk,) if thing else (), ("conflict",), (thing.pk, "approve") if thing else ()):
        try:
            return reverse(f"admin:{name}", args=arguments)
        except NoReverseMatch:
            continue
    return None


def row_of(name: str, table: list[tuple[str, frozenset[str]]] = SHOWN) -> frozenset[str] | None:
    return next((allowed for pattern, allowed in table if re.fullmatch(pattern, name)), None)


class TestEveryAddressOfTheDesk:
    def test_is_in_the_table(self):
        others = "|".join([LEADS_ELSEWHERE, ONLY_POSTED, *TESTED_WITH_THEIR_OBJECTS])

        assert len(NAMES) > 100
        assert [name for name in NAMES if row_of(name) is None and not re.fullmatch(others, name)] == []

    def test_is_shown_to_exactly_the_roles_of_the_table(self, things, cast, at_desk):
        clients = {role: at_desk(user) for role, user in cast.items()}
        for client in clients.values():
            client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
        wrong, english, asked = {}, {}, 0
        for name in NAMES:
            url, allowed = address(name, things), row_of(name)
            if url is None or allowed is None or re.fullmatch(LEADS_ELSEWHERE, name):
                continue
            asked += 1
            pages = {role: client.get(url) for role, client in clients.items()}
            answers = {role: page.status_code for role, page in pages.items()}
            read = pages["managing editor" if "managing editor" in allowed else "administrator"]
            if (
                read.status_code == 200
                and "html" in read["Content-Type"]
                and (left := english_left(read.content.decode()))
            ):
                english[name] = left
            shown = {role for role, status in answers.items() if status == 200}
            if shown != allowed or any(status >= 500 for status in answers.values()):
                wrong[name] = answers

        assert asked > 100
        assert wrong == {}
        assert english == {}  # to somebody whose browser asks for French

    def test_leads_somebody_who_is_not_signed_in_to_the_sign_in(self, things, client):
        urls = [url for name in NAMES if name not in ("login", "logout") and (url := address(name, things))]

        assert {url: status for url in urls if (status := client.get(url).status_code) != 302} == {}

    def test_that_changes_something_asks_for_a_post(self, things, chief, at_desk):
        client = at_desk(chief)
        urls = [url for name in NAMES if re.fullmatch(ONLY_POSTED, name) and (url := address(name, things))]

        assert len(urls) >= 6
        assert {client.get(url).status_code for url in urls} == {405}

    def test_is_closed_to_an_account_that_is_not_of_the_desk(self, things, at_desk):
        outsider = User.objects.create_user("reader", password="x")

        assert at_desk(outsider).get(reverse("admin:index")).status_code in (302, 403)
