"""LangChain's chat models and embeddings against a running Hone, with models of four formats behind it."""
# LangChain leaves type arguments open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import anthropic
import openai
import pytest
import pytest_asyncio
from langchain_anthropic import ChatAnthropic
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel, Field, SecretStr

from tests.contract.models import FORMATS, VECTORS
from tests.fixtures.control import operation
from tests.fixtures.house import ADMIN_KEY, House

QUESTION: Final[list[BaseMessage]] = [
    SystemMessage("You answer for a wedding venue."),
    HumanMessage("How many guests may come?"),
]
PIXEL: Final = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
Make = Callable[..., BaseChatModel]
MADE: Final[list[ChatOpenAI | ChatAnthropic]] = []
OPEN: Final[list[openai.DefaultHttpxClient]] = []

on_one_loop = pytest.mark.asyncio(loop_scope="module")
"""LangChain keeps connections for ever, and gives them to every model of the same address."""


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def _closed() -> AsyncIterator[None]:  # pyright: ignore[reportUnusedFunction]
    yield
    for client in OPEN:
        client.close()
    for llm in MADE:
        if isinstance(llm, ChatOpenAI):
            llm.root_client.close()
            await llm.root_async_client.close()
        else:
            llm._client.close()  # pyright: ignore[reportPrivateUsage]
            await llm._async_client.close()  # pyright: ignore[reportPrivateUsage]


def _openai(house: House, model: str, **options: Any) -> BaseChatModel:
    given: dict[str, Any] = {"max_retries": 0, "stream_usage": True, "timeout": 30} | options
    key = SecretStr(given.pop("key", ADMIN_KEY))
    MADE.append(ChatOpenAI(base_url=f"{house.url}/v1", api_key=key, model=model, **given))
    return MADE[-1]


def _responses(house: House, model: str, **options: Any) -> BaseChatModel:
    return _openai(house, model, use_responses_api=True, **options)


def _anthropic(house: House, model: str, **options: Any) -> BaseChatModel:
    given: dict[str, Any] = {"max_retries": 0, "timeout": 30, "max_tokens": 3000} | options
    key = SecretStr(given.pop("key", ADMIN_KEY))
    MADE.append(ChatAnthropic(base_url=house.url, api_key=key, model_name=model, **given))
    return MADE[-1]


CLIENTS: Final[dict[str, Make]] = {
    "ChatOpenAI": _openai,
    "ChatOpenAI, Responses": _responses,
    "ChatAnthropic": _anthropic,
}
each = pytest.mark.parametrize("make", CLIENTS.values(), ids=list(CLIENTS))
every = pytest.mark.parametrize("model", FORMATS)
insisting = pytest.mark.parametrize("model", [name for name in FORMATS if name != "ollama"])
"""Ollama cannot be made to call a tool."""


class Visit(BaseModel):
    """A visit to the venue."""

    day: str = Field(description="When.")
    guests: int


@tool
def book_visit(day: str, guests: int) -> str:
    """Book a visit to the venue."""
    return f"Booked {day} for {guests}."


def _whole(parts: list[Any]) -> Any:
    whole = parts[0]
    for part in parts[1:]:
        whole += part
    return whole


@each
@every
def test_a_chat_is_answered_with_its_usage(house: House, make: Make, model: str) -> None:
    answer = make(house, model).invoke(QUESTION)
    assert isinstance(answer, AIMessage)
    assert answer.text
    assert answer.usage_metadata is not None
    used = answer.usage_metadata
    assert used["input_tokens"] > 10
    assert used["output_tokens"] > 10
    assert used["total_tokens"] == used["input_tokens"] + used["output_tokens"]


@each
@every
def test_a_stream_is_the_answer_in_parts_with_its_usage(
    house: House, make: Make, model: str
) -> None:
    whole = make(house, model).invoke(QUESTION)
    parts = list(make(house, model).stream(QUESTION))
    told = _whole(parts)
    assert len(parts) > 5
    assert told.text == whole.text
    assert isinstance(whole, AIMessage)
    assert whole.usage_metadata is not None
    for name in ("input_tokens", "output_tokens", "total_tokens"):
        assert told.usage_metadata[name] == whole.usage_metadata[name]


@each
@every
def test_a_batch_is_answered_in_order(house: House, make: Make, model: str) -> None:
    asked: list[Any] = ["Is there parking?", "May we bring a dog?", "Who cooks?"]
    answers = make(house, model).batch(asked)
    assert [answer.text for answer in answers] == [
        make(house, model).invoke(each).text for each in asked
    ]


@each
@every
@on_one_loop
async def test_it_works_asynchronously(house: House, make: Make, model: str) -> None:
    llm = make(house, model)
    whole = await llm.ainvoke(QUESTION)
    parts = [part async for part in llm.astream(QUESTION)]
    assert whole.text
    assert _whole(parts).text == whole.text


@each
@every
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_a_tool_is_called_and_its_result_taken(
    house: House, make: Make, model: str, streamed: bool
) -> None:
    llm = make(house, f"{model}-calls").bind_tools([book_visit])
    asked = _whole(list(llm.stream(QUESTION))) if streamed else llm.invoke(QUESTION)
    assert isinstance(asked, AIMessage)
    (call,) = asked.tool_calls
    assert call["name"] == "book_visit"
    assert set(call["args"]) == {"day", "guests"}
    result = book_visit.invoke(dict(call))
    answer = llm.invoke([*QUESTION, asked, result])
    assert isinstance(answer, AIMessage)
    assert answer.text
    assert not answer.tool_calls


@each
@insisting
def test_a_tool_can_be_insisted_on(house: House, make: Make, model: str) -> None:
    answer = make(house, model).bind_tools([book_visit], tool_choice="any").invoke(QUESTION)
    assert isinstance(answer, AIMessage)
    assert [call["name"] for call in answer.tool_calls] == ["book_visit"]


@each
@every
def test_an_answer_has_the_shape_of_a_schema(house: House, make: Make, model: str) -> None:
    llm = make(house, model).with_structured_output(Visit, method="json_schema")
    assert isinstance(llm.invoke(QUESTION), Visit)


@each
@insisting
def test_an_answer_has_the_shape_of_a_function(house: House, make: Make, model: str) -> None:
    llm = make(house, model).with_structured_output(Visit, method="function_calling")
    assert isinstance(llm.invoke(QUESTION), Visit)


@each
@every
def test_an_image_is_seen(house: House, make: Make, model: str) -> None:
    text: dict[str, Any] = {"type": "text", "text": "What is this?"}
    image: dict[str, Any] = {"type": "image", "base64": PIXEL, "mime_type": "image/png"}
    seen = make(house, model).invoke([HumanMessage([text, image])])
    blind = make(house, model).invoke([HumanMessage([text])])
    assert isinstance(seen, AIMessage)
    assert isinstance(blind, AIMessage)
    assert seen.usage_metadata is not None
    assert blind.usage_metadata is not None
    assert seen.usage_metadata["input_tokens"] > blind.usage_metadata["input_tokens"]


@pytest.mark.parametrize("model", [name for name in FORMATS if name != "openai"])
def test_thoughts_are_told(house: House, model: str) -> None:
    thinking = {"type": "enabled", "budget_tokens": 1024}
    answer = _anthropic(house, model, thinking=thinking).invoke(QUESTION)
    thought, text = answer.content
    assert isinstance(thought, dict)
    assert isinstance(text, dict)
    assert thought["thinking"]
    assert text["text"]
    again = _anthropic(house, model, thinking=thinking).invoke(
        [*QUESTION, answer, HumanMessage("Are you sure?")]
    )
    assert again.text


@each
@every
@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("-busy", "RateLimitError"),
        ("-long", "BadRequestError"),
        ("-down", "InternalServerError"),
        ("-unheard-of", "NotFoundError"),
    ],
)
def test_an_error_has_a_class_of_the_client(
    house: House, make: Make, model: str, end: str, name: str
) -> None:
    vendor: Any = anthropic if make is _anthropic else openai
    with pytest.raises(getattr(vendor, name)) as raised:
        make(house, f"{model}{end}").invoke(QUESTION)
    assert raised.value.request_id.startswith("op_")
    assert raised.value.body


@each
def test_a_wrong_key_has_a_class_of_the_client(house: House, make: Make) -> None:
    vendor: Any = anthropic if make is _anthropic else openai
    with pytest.raises(vendor.AuthenticationError):
        make(house, "openai", key="hone_nobodys").invoke(QUESTION)


@each
@every
def test_a_stream_that_breaks_off_raises(house: House, make: Make, model: str) -> None:
    vendor: Any = anthropic if make is _anthropic else openai
    with pytest.raises(vendor.APIError):
        list(make(house, f"{model}-cut").stream(QUESTION))


@pytest.mark.parametrize("model", VECTORS)
@on_one_loop
async def test_texts_become_vectors(house: House, model: str) -> None:
    async with openai.DefaultAsyncHttpxClient() as asynchronous:
        maker = _embedder(house, model, http_async_client=asynchronous)
        found = maker.embed_documents(["a barn", "a hall"])
        again = await maker.aembed_documents(["a barn"])
    assert [len(vector) for vector in found] == [8, 8]
    assert found[0] != found[1]
    assert again == [pytest.approx(found[0], abs=1e-6)]
    assert maker.embed_query("a barn") == pytest.approx(found[0], abs=1e-6)


def _embedder(house: House, model: str, **options: Any) -> OpenAIEmbeddings:
    # Else it counts OpenAI's tokens, for which it fetches their list, and sends numbers.
    given: dict[str, Any] = {"dimensions": 8, "check_embedding_ctx_length": False} | options
    key = SecretStr(ADMIN_KEY)
    OPEN.append(openai.DefaultHttpxClient())
    given["http_client"] = OPEN[-1]
    return OpenAIEmbeddings(base_url=f"{house.url}/v1", api_key=key, model=model, **given)


def test_what_a_model_cannot_do_is_refused_by_name(house: House) -> None:
    with pytest.raises(openai.BadRequestError) as forced:
        _openai(house, "ollama").bind_tools([book_visit], tool_choice="any").invoke(QUESTION)
    with pytest.raises(openai.BadRequestError) as shapeless:
        llm = _openai(house, "anthropic").with_structured_output(Visit, method="json_mode")
        llm.invoke(QUESTION)
    with pytest.raises(openai.BadRequestError) as vectors:
        _embedder(house, "anthropic").embed_query("a barn")
    found = [(each.value.code, each.value.param) for each in (forced, shapeless, vectors)]
    refused = "unsupported_parameter"
    assert found == [(refused, "tool_choice"), (refused, "response_format"), (refused, "model")]


def test_the_operation_has_the_labels_that_the_client_sends(house: House) -> None:
    headers = {"x-hone-conversation-id": "visit-7", "x-hone-user": "guest-7"}
    llm = _openai(house, "anthropic", default_headers=headers, include_response_headers=True)
    answer = llm.invoke(QUESTION)
    stored = operation(house, answer.response_metadata["headers"]["x-request-id"])
    assert (stored["conversationId"], stored["userId"]) == ("visit-7", "guest-7")
    assert stored["messages"][-1]["content"] == answer.text
