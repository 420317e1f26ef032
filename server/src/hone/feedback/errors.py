"""What can go wrong with feedback."""

from hone.core.errors import BadRequest, Invalid, NotFound


class NoSuchFeedback(NotFound):
    """There is no such feedback in this organization."""


class NothingToJudge(Invalid):
    """Say which answer is meant: `operationId`, or `conversationId`."""

    code = "nothing_to_judge"


class NothingSaid(Invalid):
    """Say something of the answer: a verdict, a rating, a correction or a comment."""

    code = "nothing_said"


class FeedbackUnreadable(BadRequest):
    """A value in this feedback is not acceptable."""

    code = "invalid_parameter"
