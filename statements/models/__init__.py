"""What Newsroom stores. Nothing human is ever deleted by a cascade: see each `on_delete`."""

from .actors import Actor, ActorName, ActorType, Affiliation, Speaker, SpeakerName, Standing
from .articles import Article, Outlet
from .changes import Account, AccountPermission, Change, Membership, RolePermission
from .edits import QuoteEdit
from .identities import IdentityEvent
from .imports import ColumnMapping, ImportBatch, ImportFile, ImportItem
from .issues import Guideline, Issue
from .learning import IssueModel, QuoteVector
from .likenesses import (
    ArticleCopy,
    ArticleSketch,
    CommonRun,
    CopyPair,
    QuoteSketch,
    Statement,
    Variant,
)
from .listings import Listing, Tally
from .queues import Claim, Overlap, QueueItem
from .quotes import JointVoice, Quote, QuotePart
from .recorders import RECORDED
from .replies import Reply, ReplyDecision, ReplyReading
from .reports import ReaderReport, ReportEvent, ReportReceipt
from .saved import SavedView
from .stances import Stance, StanceLabel, Suggestion

__all__ = [
    "RECORDED",
    "Account",
    "AccountPermission",
    "Actor",
    "ActorName",
    "ActorType",
    "Affiliation",
    "Article",
    "ArticleCopy",
    "ArticleSketch",
    "Change",
    "Claim",
    "ColumnMapping",
    "CommonRun",
    "CopyPair",
    "Guideline",
    "IdentityEvent",
    "ImportBatch",
    "ImportFile",
    "ImportItem",
    "Issue",
    "IssueModel",
    "JointVoice",
    "Listing",
    "Membership",
    "Outlet",
    "Overlap",
    "QueueItem",
    "Quote",
    "QuoteEdit",
    "QuotePart",
    "QuoteSketch",
    "QuoteVector",
    "ReaderReport",
    "Reply",
    "ReplyDecision",
    "ReplyReading",
    "ReportEvent",
    "ReportReceipt",
    "RolePermission",
    "SavedView",
    "Speaker",
    "SpeakerName",
    "Stance",
    "StanceLabel",
    "Standing",
    "Statement",
    "Suggestion",
    "Tally",
    "Variant",
]
