"""The desk's own tables: accounts, and the workflow by which entries are published."""

from editorial.models.audit import AuditEntry, HistoryCheckpoint, JournalNote
from editorial.models.cache_row import CacheRow
from editorial.models.dataset import Dataset, ExternalId, ImportLine, ImportRun
from editorial.models.dispute import Dispute, Ground
from editorial.models.import_choice import ChoiceKind, ImportChoice, ImportMention, Verdict
from editorial.models.notice import NoticeAssignment
from editorial.models.partner import Partner, PartnerKey, Proposal
from editorial.models.role_change import RoleChange
from editorial.models.sheet_mapping import SheetMapping
from editorial.models.source_terms import Licence, SourceTerms
from editorial.models.submission import Comment, Review, Submission, SubmittedEntry, SupersededEntry
from editorial.models.user import User
from editorial.models.webhook import Delivery, Webhook

__all__ = [
    "AuditEntry",
    "CacheRow",
    "ChoiceKind",
    "Comment",
    "Dataset",
    "Delivery",
    "Dispute",
    "ExternalId",
    "Ground",
    "HistoryCheckpoint",
    "ImportChoice",
    "ImportLine",
    "ImportMention",
    "ImportRun",
    "JournalNote",
    "Licence",
    "NoticeAssignment",
    "Partner",
    "PartnerKey",
    "Proposal",
    "Review",
    "RoleChange",
    "SheetMapping",
    "SourceTerms",
    "Submission",
    "SubmittedEntry",
    "SupersededEntry",
    "User",
    "Verdict",
    "Webhook",
]
