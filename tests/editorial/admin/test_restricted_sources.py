"""No desk page reveals a restricted source to users without permission, nor lets them lift the restriction."""

import pytest
from django.urls import reverse

from conflict.models import Citation, Source
from conflict.vocabulary import SourceAccess
from tests.desk import an_event, at_the_desk_of

pytestmark = pytest.mark.django_db
MARK = "marker-of-a-restricted-source"


@pytest.fixture
def hidden(chief):
    event = an_event()
    with at_the_desk_of(chief):
        source = Source.objects.create(key="hidden-one", kind="book", title=MARK, access=SourceAccess.RESTRICTED)
        Citation.objects.create(event=event, source=source, quotation=MARK)
    return source


def pages(source: Source) -> list[str]:
    event = source.citations.get().event
    field = "app_label=conflict&model_name=citation&field_name=source"
    return [
        reverse("admin:conflict_source_changelist"),
        reverse("admin:conflict_source_change", args=[source.pk]),
        reverse("admin:conflict_source_history", args=[source.pk]),
        reverse("admin:conflict_event_change", args=[event.pk]),
        reverse("admin:conflict_event_history", args=[event.pk]),
        reverse("admin:conflict_event_delete", args=[event.pk]),
        f"{reverse('admin:autocomplete')}?term=marker&{field}",
        reverse("admin:conflict_event_dispute", args=[event.pk]),
    ]


class TestARestrictedSource:
    def test_is_shown_to_a_contributor_on_no_page(self, hidden, author, at_desk):
        for address in pages(hidden):
            answer = at_desk(author).get(address, follow=True)
            assert MARK not in answer.content.decode().replace("term=marker", ""), address

    def test_is_shown_to_the_managing_editor(self, hidden, chief, at_desk):
        shown = [MARK in at_desk(chief).get(address, follow=True).content.decode() for address in pages(hidden)]

        assert shown[:7] == [True] * 7

    def test_is_not_opened_up_by_a_contributor(self, hidden, author, at_desk):
        at_desk(author).post(
            reverse("admin:conflict_source_change", args=[hidden.pk]),
            {"key": hidden.key, "kind": "book", "title": MARK, "access": "public"},
        )

        hidden.refresh_from_db()
        assert hidden.access == SourceAccess.RESTRICTED
