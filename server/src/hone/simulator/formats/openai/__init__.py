"""OpenAI's formats."""

from hone.simulator.formats.base import Embedding, Endpoint, Generation, Lookup, Measure
from hone.simulator.formats.openai import (
    chat,
    chat_requests,
    completions,
    embeddings,
    moderations,
    responses,
    responses_requests,
)
from hone.simulator.formats.openai.dialect import DIALECT, model, models

ENDPOINTS = (
    Endpoint(
        "/v1/chat/completions",
        "chat.completions",
        DIALECT,
        Generation(chat_requests.read, chat.ChatWriter),
    ),
    Endpoint(
        "/v1/responses",
        "responses",
        DIALECT,
        Generation(responses_requests.read, responses.ResponseWriter),
    ),
    Endpoint(
        "/v1/completions",
        "completions",
        DIALECT,
        Generation(completions.read, completions.CompletionWriter),
    ),
    Endpoint("/v1/embeddings", "embeddings", DIALECT, Embedding(embeddings.read, embeddings.write)),
    Endpoint(
        "/v1/moderations", "moderations", DIALECT, Measure(moderations.read, moderations.write)
    ),
    Endpoint(
        "/v1/responses/{name}",
        "responses.get",
        DIALECT,
        Lookup(responses_requests.stored),
        method="GET",
    ),
    Endpoint(
        "/v1/responses/{name}",
        "responses.delete",
        DIALECT,
        Lookup(responses_requests.deleted),
        method="DELETE",
    ),
    Endpoint("/v1/models", "models", DIALECT, Lookup(models), method="GET"),
    Endpoint("/v1/models/{name}", "models", DIALECT, Lookup(model), method="GET"),
)
