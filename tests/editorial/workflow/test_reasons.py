"""Reasons given to verbs are normalized like any text: they are published, and no feed may fail on one."""

import pytest
from django.utils.translation import override

from conflict.models import Notice
from conflict.vocabulary import ChangeKind, NoticeKind
from editorial.models import Submission
from editorial.workflow import notices, submissions
from editorial.workflow.exceptions import WorkflowRefused
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING

pytestmark = pytest.mark.django_db


def submitted(author, reason):
    return submissions.submit(
        entries=[EntryChange("actor", "malian-army")],
        by=author,
        at=MORNING,
        title="The\u00a0army",
        reason=reason,
        change_kind=ChangeKind.NEW,
    )


class TestAReason:
    def test_is_kept_without_what_nobody_sees(self, draft, author):
        submission = submitted(author, "First\x0baccount.\u200b\x07 ")

        submission.refresh_from_db()
        assert (submission.title, submission.reason) == ("The army", "First\naccount.")

    def test_of_signs_that_nobody_sees_is_none(self, draft, author):
        with pytest.raises(WorkflowRefused, match="Say why"):
            submitted(author, "\u200b\u00a0\x07")

    def test_of_a_notice_is_kept_so_too(self, draft, author):
        raised = notices.raise_notice(
            kind=NoticeKind.NEEDS_UPDATE, on=None, reason="Old\x0bsources\u200b.", by=author, at=MORNING
        )

        assert Notice.objects.get(pk=raised.notice.pk).reason == "Old\nsources."


class TestATitle:
    def test_given_by_the_software_is_read_in_each_editor_s_language(self, published, draft, chief):
        raised = notices.raise_notice(
            kind=NoticeKind.NEEDS_UPDATE, on=draft, reason="Old sources.", by=chief, at=MORNING
        )
        submissions.retract(kind="actor", key="malian-army", by=chief, at=MORNING, reason="Told twice.")
        titles = Submission.objects.order_by("pk").values_list("title", flat=True)

        assert list(titles)[-2:] == ["Raise: needs update: Konna falls", "Withdraw malian-army"]
        with override("fr"):
            assert list(titles.all())[-1] == "Retirer malian-army"
            assert list(titles.all())[-2].startswith("Poser un avertissement")
        assert raised.submission.title == list(titles.all())[-2]
