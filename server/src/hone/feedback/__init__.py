"""Feedback: what people say of answers, what calls tell without a word, and what both add up to.

A request keeps what is said; a worker settles it, so that it counts or is held for review. `lessons`
reads what can be learned from feedback that counts; `scores` how good answers were. Words are sealed.
"""

from hone.feedback.judged import Judged, judged
from hone.feedback.lessons import Lesson, lessons
from hone.feedback.observing import observe
from hone.feedback.recording import Recorder
from hone.feedback.reports import summary, trends
from hone.feedback.schemas import (
    FeedbackClassification,
    FeedbackPage,
    FeedbackQuery,
    FeedbackShare,
    FeedbackSummary,
    FigureQuery,
    Period,
    State,
)
from hone.feedback.scores import NEWEST, Score, scores
from hone.feedback.service import page
from hone.feedback.settling import BATCH, settle
from hone.feedback.watching import confident, hours, signs, worst

__all__ = [
    "BATCH",
    "NEWEST",
    "FeedbackClassification",
    "FeedbackPage",
    "FeedbackQuery",
    "FeedbackShare",
    "FeedbackSummary",
    "FigureQuery",
    "Judged",
    "Lesson",
    "Period",
    "Recorder",
    "Score",
    "State",
    "confident",
    "hours",
    "judged",
    "lessons",
    "observe",
    "page",
    "scores",
    "settle",
    "signs",
    "summary",
    "trends",
    "worst",
]
