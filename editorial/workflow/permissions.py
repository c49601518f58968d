"""Workflow permissions: one predicate per verb. Roles grant permissions (roles.py); verbs require them.

No permission is an exception to four eyes (`editorial/accounts/four_eyes.py`), which applies to superusers too.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from conflict.record.models import Action, Publication
from conflict.record.review_state import READ
from conflict.vocabulary import EntryKind
from editorial.accounts.four_eyes import is_second
from editorial.accounts.roles import holders
from editorial.models import Dispute, Submission, User
from editorial.models.stages import Stage
from editorial.workflow import edit_history
from editorial.workflow.exceptions import NotPermitted

PROPOSING = ("submit", "resubmit")


def require(permitted: bool, user: User, what: str) -> None:
    if not permitted:
        raise NotPermitted(_("The account %(user)s may not %(what)s.") % {"user": user.get_username(), "what": what})


def may_submit(user: User) -> bool:
    return user.is_active and user.has_perm("editorial.add_submission")


def may_resubmit(user: User, submission: Submission) -> bool:
    """True for those who proposed it, and for whom they let; for anybody who may submit if the submitter has left."""
    has_left = not submission.submitted_by.is_active
    return may_submit(user) and (has_left or user.pk in proposers_of(submission) or has_consent(user, submission))


def has_consent(user: User, submission: Submission) -> bool:
    """True if somebody who proposed it has let this person submit it again, since it last was."""
    last = submission.audit_entries.filter(verb__in=PROPOSING).order_by("-pk").first()
    given = submission.consents.filter(Q(to=None) | Q(to=user), by__in=proposers_of(submission))
    return given.filter(at__gt=last.at).exists() if last is not None else given.exists()


def may_consent(user: User, submission: Submission) -> bool:
    return may_submit(user) and user.pk in proposers_of(submission)


def people_who_submit() -> QuerySet[User]:
    return holders("editorial.add_submission").order_by("username")


def may_discard_drafts(user: User, kind: str) -> bool:
    """True for users who may take back unpublished changes to entries of this kind."""
    return may_submit(user) and user.has_perm(f"conflict.change_{kind}")


def may_comment(user: User) -> bool:
    return user.is_active and user.has_perm("editorial.view_submission")


def may_review(user: User) -> bool:
    return user.is_active and user.has_perm("editorial.review_submission")


def may_approve(user: User, submission: Submission) -> bool:
    """True for a reviewer who neither wrote any part of it nor proposed it."""
    return may_review(user) and is_second(user, authors(submission))


def may_stand_by(user: User, kind: str, key: str) -> bool:
    """True for a reviewer who neither wrote nor proposed anything of the entry that is public and still unread.

    A withdrawal has no text: it is for anybody who did not propose it.
    """
    steps = Publication.objects.of(kind, key)
    last_read = steps.filter(READ).newest_first().values_list("number", flat=True).first() or 0
    unread = steps.filter(number__gt=last_read)
    proposed = Submission.objects.filter(batch__in=list(unread.values_list("batch", flat=True)), stage=Stage.PUBLISHED)
    people = {person for submission in proposed for person in proposers_of(submission)}
    if kind == EntryKind.NOTICE:
        people |= set(Dispute.objects.filter(notice__key=key).values_list("opened_by", flat=True))
    newest = steps.newest_first().first()
    if newest is not None and newest.action == Action.PUBLISH:
        people |= edit_history.authors_of_public(kind, key)
    return may_review(user) and is_second(user, people)


def may_publish(user: User) -> bool:
    return user.is_active and user.has_perm("editorial.publish_submission")


def may_publish_in_emergency(user: User) -> bool:
    return user.is_active and user.has_perm("editorial.publish_submission_in_emergency")


def may_retract(user: User) -> bool:
    return user.is_active and user.has_perm("editorial.retract_entry")


def may_merge_draft_sources(user: User) -> bool:
    """True for users who may let another source take over from one that was never public, which is deleted."""
    return user.is_active and user.has_perm("conflict.delete_source")


def may_erase(user: User) -> bool:
    """True for users who may ask for an erasure by law, or confirm somebody else's."""
    return user.is_active and user.has_perm("editorial.erase_entry")


def may_withdraw(user: User, submission: Submission) -> bool:
    """True for the submitter and for anybody who may publish."""
    return user.is_active and (user.pk == submission.submitted_by_id or may_publish(user))


def may_dispute(user: User) -> bool:
    return user.is_active and user.has_perm("editorial.open_dispute")


def is_opener(user: User, dispute: Dispute) -> bool:
    """True for the opener, who alone may withdraw a dispute, and may not settle it."""
    return user.pk == dispute.opened_by_id


def may_settle(user: User, dispute: Dispute) -> bool:
    return user.is_active and user.has_perm("editorial.settle_dispute") and not is_opener(user, dispute)


def may_raise_notices(user: User) -> bool:
    return may_submit(user) and user.has_perm("conflict.add_notice")


def may_tend_notices(user: User) -> bool:
    """True for users who may date, narrow and resolve notices, and be assigned one."""
    return may_submit(user) and user.has_perm("conflict.change_notice")


def people_who_tend_notices() -> QuerySet[User]:
    return holders("conflict.change_notice").order_by("username")


def may_read_audit(user: User) -> bool:
    return user.is_active and user.has_perm("editorial.read_audit")


def may_manage_keys(user: User) -> bool:
    """True for users who may issue keys to partners, and register their webhooks."""
    return user.is_active and user.has_perm("editorial.manage_keys")


def may_settle_reports(user: User) -> bool:
    """True for users who may open and settle reports of readers."""
    return user.is_active and user.has_perm("editorial.settle_report")


def may_settle_proposals(user: User) -> bool:
    """True for users who may take up or decline partners' proposals."""
    return user.is_active and user.has_perm("editorial.settle_proposal")


def authors(submission: Submission) -> set[int]:
    """People who submitted it, once or again, or wrote text in it that no second person has read.

    A withdrawal contains no draft: its authors are the people who propose it.
    """
    texts = submission.entries.filter(action=Action.PUBLISH).values_list("entry_kind", "key")
    return proposers_of(submission) | edit_history.authors_of(texts)


def proposers_of(submission: Submission) -> set[int]:
    """People who submitted it, once or again, and those who did so with the one that it was split from."""
    proposed = submission.audit_entries.filter(verb__in=PROPOSING, by__isnull=False).values_list("by", flat=True)
    before = proposers_of(submission.split_from) if submission.split_from is not None else set()
    return {submission.submitted_by_id, *proposed} | before
