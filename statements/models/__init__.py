"""What Newsroom stores. Nothing human is ever deleted by a cascade: see each `on_delete`."""

from .actors import Actor, ActorName, ActorType, Affiliation, Speaker, SpeakerName, Standing
from .articles import Article, Outlet
from .imports import ImportBatch, ImportItem
from .issues import Guideline, Issue
from .quotes import JointVoice, Quote, QuotePart
from .stances import Stance, StanceLabel, Suggestion

__all__ = [
    "Actor",
    "ActorName",
    "ActorType",
    "Affiliation",
    "Article",
    "Guideline",
    "ImportBatch",
    "ImportItem",
    "Issue",
    "JointVoice",
    "Outlet",
    "Quote",
    "QuotePart",
    "Speaker",
    "SpeakerName",
    "Stance",
    "StanceLabel",
    "Standing",
    "Suggestion",
]
