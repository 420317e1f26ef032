"""HTTP routes of feedback."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Header, Query
from pydantic import ValidationError
from starlette.requests import HTTPConnection, Request

from hone.core import clock, ids
from hone.core.db import Database
from hone.core.keyring import Key
from hone.feedback import reports, service, told
from hone.feedback.errors import FeedbackUnreadable
from hone.feedback.recording import Recorder
from hone.feedback.repository import Kept
from hone.feedback.schemas import (
    FeedbackCreate,
    FeedbackGive,
    FeedbackGiven,
    FeedbackPage,
    FeedbackQuery,
    FeedbackRead,
    FeedbackReceipt,
    FeedbackReview,
    FeedbackReviewed,
    FeedbackSubmit,
    FeedbackSummary,
    FeedbackTrends,
    FigureQuery,
)
from hone.feedback.service import Desk, Seal
from hone.gateway import ContentMode, Current
from hone.identity import ActorDep, KeyringDep, SessionDep

router = APIRouter(tags=["feedback"])


async def _desk(connection: HTTPConnection, actor: ActorDep, keyring: KeyringDep) -> Desk:
    """Keep words where the gateway would keep them, under the key that it has at hand."""
    state = connection.app.state
    part = cast("Current", state.current).snapshot.organizations[actor.organization_id]
    found = part.data_keys.get(f"{clock.now():%Y-%m}")
    key = None if found is None else Key(found.id, found.secret)
    seal = Seal(keyring, key, part.content is ContentMode.FULL)
    return Desk(cast("Database", state.database), cast("Recorder", state.recorder), seal)


DeskDep = Annotated[Desk, Depends(_desk)]
OnceDep = Annotated[
    str | None,
    Header(
        alias="idempotency-key",
        min_length=1,
        max_length=255,
        description="The same key again changes nothing, whatever is sent with it.",
    ),
]


@router.post("/ai/feedback", status_code=201, include_in_schema=False)
@router.post("/api/ai/feedback", status_code=201)
async def give_feedback(
    actor: ActorDep,
    desk: DeskDep,
    body: FeedbackCreate,
    once: OnceDep = None,
) -> FeedbackReceipt:
    """Say whether an answer was right, and what would have been; said again, it takes its place."""
    return _receipt(await service.give(desk, actor, told.of_create(body), once))


@router.post("/ai/feedback/submit", status_code=201, include_in_schema=False)
@router.post("/api/ai/feedback/submit", status_code=201)
async def submit_feedback(
    actor: ActorDep,
    desk: DeskDep,
    body: FeedbackSubmit,
    once: OnceDep = None,
) -> FeedbackReceipt:
    """Rate an answer from 1 to 5: how helpful, accurate, relevant or fast it was."""
    return _receipt(await service.give(desk, actor, told.of_submit(body), once))


def _receipt(given: Kept) -> FeedbackReceipt:
    return FeedbackReceipt.model_validate(_facts(given))


def _facts(given: Kept) -> dict[str, Any]:
    operation = given.operation_id
    return {
        "id": ids.public(service.PREFIX, given.id),
        "state": given.state,
        "operation_id": None if operation is None else ids.public("op", operation),
        "conversation_id": given.conversation_id,
        "metric": given.metric,
    }


def _described() -> dict[str, Any]:
    """Describe the body, which is read here: what is wrong with it is told in OpenAI's words."""
    content = {"application/json": {"schema": FeedbackGive.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


@router.post("/v1/feedback", openapi_extra=_described())
async def create_feedback(
    request: Request, actor: ActorDep, desk: DeskDep, once: OnceDep = None
) -> FeedbackGiven:
    """Say something of any call or conversation: a verdict, a score, a comment, a better answer."""
    body = _read(await request.body())
    given = await service.give(desk, actor, told.of_give(body), once)
    signal = body.metric in told.SIGNALS
    return FeedbackGiven(
        **_facts(given),
        object="signal" if signal else "feedback",
        created=int(ids.created_at(given.id).timestamp()),
    )


def _read(body: bytes) -> FeedbackGive:
    try:
        return FeedbackGive.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        param = ".".join(str(part) for part in cast("tuple[object, ...]", first["loc"])[:1]) or None
        message = f"{param}: {first['msg']}." if param else f"{first['msg']}."
        raise FeedbackUnreadable(message, param=param) from error


@router.get("/ai/feedback", include_in_schema=False)
@router.get("/api/ai/feedback")
async def list_feedback(
    session: SessionDep,
    actor: ActorDep,
    keyring: KeyringDep,
    query: Annotated[FeedbackQuery, Query()],
) -> FeedbackPage:
    """List feedback, newest first, with the figures of its period."""
    return await service.page(session, actor, keyring, query)


@router.get("/ai/feedback/summary", include_in_schema=False)
@router.get("/api/ai/feedback/summary")
async def get_feedback_summary(
    session: SessionDep, actor: ActorDep, query: Annotated[FigureQuery, Query()]
) -> FeedbackSummary:
    """Sum a period up: shares with intervals, ratings, comments, classes, signs."""
    return await reports.summary(session, actor, query)


@router.get("/ai/feedback/trends", include_in_schema=False)
@router.get("/api/ai/feedback/trends")
async def get_feedback_trends(
    session: SessionDep, actor: ActorDep, query: Annotated[FigureQuery, Query()]
) -> FeedbackTrends:
    """Tell how feedback went, by hour or day."""
    return await reports.trends(session, actor, query)


@router.post("/api/ai/feedback/review")
async def review_feedback(
    session: SessionDep, actor: ActorDep, body: FeedbackReview
) -> FeedbackReviewed:
    """Accept or reject feedback: by its ids, or all that is held of one person."""
    return await service.review(session, actor, body)


@router.get("/api/ai/feedback/{feedback_id}")
async def get_feedback(
    session: SessionDep, actor: ActorDep, keyring: KeyringDep, feedback_id: str
) -> FeedbackRead:
    """Get one piece of feedback."""
    return await service.get(session, actor, keyring, feedback_id)
