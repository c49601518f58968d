"""The desk's own tables: accounts, and the workflow by which entries are published."""

from editorial.models.address_check import AddressCheck
from editorial.models.audit import AuditEntry, HistoryCheckpoint, JournalNote
from editorial.models.cache_row import CacheRow
from editorial.models.dataset import Dataset, ExternalId, ImportLine, ImportRun
from editorial.models.dispute import Dispute, Ground
from editorial.models.erasure import Erasure, ErasureConfirmation
from editorial.models.import_choice import ChoiceKind, ImportChoice, ImportMention, Verdict
from editorial.models.notice import NoticeAnswer, NoticeAssignment
from editorial.models.partner import Partner, PartnerKey, Proposal
from editorial.models.remark import Comment, Tick
from editorial.models.report import Report, ReportKind
from editorial.models.rights import Account, AccountGroup, AccountPermission
from editorial.models.role_change import RoleChange
from editorial.models.sheet_mapping import SheetMapping
from editorial.models.source_terms import Licence, SourceTerms
from editorial.models.submission import Consent, Review, Submission, SubmittedEntry, SupersededEntry
from editorial.models.user import User
from editorial.models.view_count import ViewCount
from editorial.models.watch import Inbox, SavedFilter, Watch
from editorial.models.webhook import Delivery, Webhook
