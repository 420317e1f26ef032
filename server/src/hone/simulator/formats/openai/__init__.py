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
    tuning,
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
    Endpoint("/v1/files", "files", DIALECT, Lookup(tuning.upload)),
    Endpoint("/v1/files/{name}", "files", DIALECT, Lookup(tuning.file), method="GET"),
    Endpoint("/v1/files/{name}", "files", DIALECT, Lookup(tuning.forget), method="DELETE"),
    Endpoint("/v1/fine_tuning/jobs", "fine_tuning", DIALECT, Lookup(tuning.create)),
    Endpoint("/v1/fine_tuning/jobs", "fine_tuning", DIALECT, Lookup(tuning.jobs), method="GET"),
    Endpoint("/v1/fine_tuning/jobs/{name}/cancel", "fine_tuning", DIALECT, Lookup(tuning.cancel)),
    Endpoint(
        "/v1/fine_tuning/jobs/{name}/events",
        "fine_tuning",
        DIALECT,
        Lookup(tuning.events),
        method="GET",
    ),
    Endpoint(
        "/v1/fine_tuning/jobs/{name}", "fine_tuning", DIALECT, Lookup(tuning.job), method="GET"
    ),
    Endpoint("/v1/models", "models", DIALECT, Lookup(models), method="GET"),
    Endpoint("/v1/models/{name}", "models", DIALECT, Lookup(model), method="GET"),
)
