"""`/api/datasets/{dataset}/knowledge`: pages, FAQs and documents that answers are searched in."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from hone.core.paging import Page
from hone.datasets.routes.needs import DatabaseDep, PageDep, SettingsDep
from hone.datasets.routes.transfer import BODY
from hone.datasets.schemas import KnowledgeCreate, KnowledgeRead, KnowledgeUpdate, Named
from hone.datasets.service import knowledge
from hone.identity import ActorDep, KeyringDep, SessionDep

router = APIRouter(prefix="/api/datasets/{dataset}/knowledge", tags=["datasets"])


@router.get("")
async def list_knowledge(
    session: SessionDep, actor: ActorDep, dataset: str, page: PageDep
) -> Page[KnowledgeRead]:
    """List pages, FAQs and documents of a dataset of answers, and how current they are."""
    return await knowledge.page(session, actor, dataset, page)


@router.post("", status_code=202)
async def add_knowledge(
    session: SessionDep,
    actor: ActorDep,
    settings: SettingsDep,
    dataset: str,
    body: KnowledgeCreate,
) -> KnowledgeRead:
    """Add a page by its address: a worker reads it within seconds, and then keeps it in sync."""
    return await knowledge.add(session, actor, settings, dataset, body)


@router.post("/upload", status_code=201, openapi_extra=BODY)
async def upload_knowledge(
    request: Request,
    actor: ActorDep,
    keyring: KeyringDep,
    database: DatabaseDep,
    settings: SettingsDep,
    dataset: str,
    name: Annotated[Named, Query(description="The file's name; the same again replaces it.")],
) -> KnowledgeRead:
    """Add a document: PDF, HTML, Markdown, text, or questions with answers in JSON or CSV."""
    content = request.stream()
    return await knowledge.upload(database, keyring, actor, settings, dataset, name, content)


@router.get("/{knowledge_id}")
async def get_knowledge(
    session: SessionDep, actor: ActorDep, dataset: str, knowledge_id: str
) -> KnowledgeRead:
    """Get a knowledge source."""
    return await knowledge.get(session, actor, dataset, knowledge_id)


@router.patch("/{knowledge_id}")
async def update_knowledge(
    session: SessionDep, actor: ActorDep, dataset: str, knowledge_id: str, body: KnowledgeUpdate
) -> KnowledgeRead:
    """Change the name of a knowledge source, or how often it is read."""
    return await knowledge.update(session, actor, dataset, knowledge_id, body)


@router.post("/{knowledge_id}/sync", status_code=202)
async def sync_knowledge(
    session: SessionDep, actor: ActorDep, dataset: str, knowledge_id: str
) -> KnowledgeRead:
    """Read a page again now."""
    return await knowledge.sync(session, actor, dataset, knowledge_id)


@router.delete("/{knowledge_id}", status_code=204)
async def remove_knowledge(
    session: SessionDep, actor: ActorDep, dataset: str, knowledge_id: str
) -> None:
    """Remove a knowledge source with what it says; versions that have it keep it."""
    await knowledge.remove(session, actor, dataset, knowledge_id)
