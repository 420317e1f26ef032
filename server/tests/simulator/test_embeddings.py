import base64
import math
import struct
from typing import Any

import openai
import pytest

from tests.simulator.running import Simulator

WRONG: list[tuple[object, dict[str, object]]] = [
    ("", {}),
    ([], {}),
    ([""], {}),
    ([[]], {}),
    (["a", 1], {}),
    (["a"] * 2049, {}),
    ({"text": "a"}, {}),
    ("a", {"dimensions": 1537}),
    ("a", {"dimensions": 0}),
    ("a", {"encoding_format": "hex"}),
    ("a", {"model": ""}),
    ("a", {"model": "m#fault=explode"}),
]


def embed(simulator: Simulator, given: object, **more: object) -> dict[str, Any]:
    body = {"model": "text-embedding-3-small", "input": given, **more}
    response = simulator.http.post("/v1/embeddings", json=body)
    return {"status": response.status_code, **response.json()}


def test_vectors_have_unit_length_and_stay_the_same(simulator: Simulator):
    first, again = (embed(simulator, "Is there parking?") for _ in range(2))
    vector = first["data"][0]["embedding"]
    assert first["data"] == again["data"]
    assert len(vector) == 1536
    assert math.isclose(math.hypot(*vector), 1, abs_tol=1e-6)
    other = embed(simulator, "Is there a lake?")["data"][0]["embedding"]
    assert other != vector


def test_base64_holds_the_same_numbers(simulator: Simulator):
    floats = embed(simulator, "Hello", dimensions=8)["data"][0]["embedding"]
    packed = embed(simulator, "Hello", dimensions=8, encoding_format="base64")
    assert list(struct.unpack("<8f", base64.b64decode(packed["data"][0]["embedding"]))) == floats


def test_the_official_client_embeds(client: openai.OpenAI, simulator: Simulator):
    answer = client.embeddings.create(model="text-embedding-3-large", input=["one", "two!!"])
    assert [item.index for item in answer.data] == [0, 1]
    assert [len(item.embedding) for item in answer.data] == [3072, 3072]
    assert answer.usage.prompt_tokens == answer.usage.total_tokens == 1 + 2
    row = simulator.row()
    assert (row.endpoint, row.prompt_tokens, row.completion_tokens) == ("embeddings", 3, 0)
    assert row.billed_picodollars == 3 * 2_500_000


@pytest.mark.parametrize(
    ("given", "count", "tokens"),
    [("abcde", 1, 2), (["a", "b"], 2, 2), ([1, 2, 3], 1, 3), ([[1, 2], [3]], 2, 3)],
)
def test_texts_and_token_numbers_are_embedded(
    simulator: Simulator, given: object, count: int, tokens: int
):
    answer = embed(simulator, given, dimensions=4)
    assert len(answer["data"]) == count
    assert answer["usage"] == {"prompt_tokens": tokens, "total_tokens": tokens}


@pytest.mark.parametrize(("given", "more"), WRONG)
def test_a_wrong_request_is_refused(simulator: Simulator, given: object, more: dict[str, Any]):
    answer = embed(simulator, given, **more)
    assert answer["status"] == 400
    assert answer["error"]["type"] == "invalid_request_error"


def test_behaviours_apply(simulator: Simulator):
    assert embed(simulator, "a", model="m#status=503")["status"] == 503
    simulator.put("e", rate={"requests": 1, "perSeconds": 60})
    assert [embed(simulator, "a", model="e")["status"] for _ in range(2)] == [200, 429]
