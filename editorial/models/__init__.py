"""The desk's own tables: who works here, and how entries become published."""

from editorial.models.audit import Deed, HistoryMark, JournalNote
from editorial.models.cache_row import Kept
from editorial.models.dataset import Dataset, ExternalId, ImportLine, ImportRun
from editorial.models.dispute import Dispute, Ground
from editorial.models.notice import NoticeAssignment
from editorial.models.partner import Partner, PartnerKey, Proposal
from editorial.models.role_change import RoleChange
from editorial.models.submission import Comment, EarlierProposal, Review, Submission, SubmittedEntry
from editorial.models.user import User
from editorial.models.webhook import Delivery, Webhook

__all__ = [
    "Comment",
    "Dataset",
    "Deed",
    "Delivery",
    "Dispute",
    "EarlierProposal",
    "ExternalId",
    "Ground",
    "HistoryMark",
    "ImportLine",
    "ImportRun",
    "JournalNote",
    "Kept",
    "NoticeAssignment",
    "Partner",
    "PartnerKey",
    "Proposal",
    "Review",
    "RoleChange",
    "Submission",
    "SubmittedEntry",
    "User",
    "Webhook",
]
