"""OpenAI's older completions, and its moderations."""

import openai
import pytest

from tests.simulator.running import Simulator


def test_the_official_client_completes_and_streams(client: openai.OpenAI):
    whole = client.completions.create(model="davinci", prompt="Hello", max_tokens=100)
    chunks = list(
        client.completions.create(
            model="davinci",
            prompt="Hello",
            max_tokens=100,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert whole.object == "text_completion"
    assert whole.id.startswith("cmpl-")
    assert whole.choices[0].finish_reason == "stop"
    assert "".join(each.text for chunk in chunks for each in chunk.choices) == whole.choices[0].text
    assert chunks[-1].usage == whole.usage
    assert chunks[-2].choices[0].finish_reason == "stop"


def test_a_completion_has_sixteen_tokens_unless_more_are_asked_for(client: openai.OpenAI):
    whole = client.completions.create(model="davinci", prompt=["Is there parking?"])
    assert whole.usage
    assert whole.usage.completion_tokens == 16
    assert whole.choices[0].finish_reason == "length"
    nothing = client.completions.create(model="davinci", prompt=[1, 2, 3], max_tokens=0)
    assert nothing.choices[0].text == ""


@pytest.mark.parametrize(
    ("more", "param"),
    [({"prompt": ["a", "b"]}, "prompt"), ({"n": 2}, "n"), ({"best_of": 3}, "best_of")],
)
def test_what_has_more_than_one_answer_is_refused(
    simulator: Simulator, more: dict[str, object], param: str
):
    body = {"model": "m", "prompt": "a", **more}
    error = simulator.http.post("/v1/completions", json=body).json()["error"]
    assert (error["code"], error["param"]) == ("unsupported_value", param)


def test_plain_words_are_flagged(client: openai.OpenAI, simulator: Simulator):
    judged = client.moderations.create(input=["A lovely day", "I will kill it!"])
    calm, angry = judged.results
    assert judged.model == "omni-moderation-latest"
    assert (calm.flagged, angry.flagged) == (False, True)
    assert angry.categories.violence is True
    assert angry.category_scores.violence > 0.9 > calm.category_scores.violence
    parts = client.moderations.create(model="m", input=[{"type": "text", "text": "You idiot"}])
    assert [result.categories.harassment for result in parts.results] == [True]
    assert [row.billed_picodollars for row in simulator.ledger()] == [0, 0]


def test_moderations_know_behaviours_and_refuse_nothing(simulator: Simulator):
    failing = simulator.http.post("/v1/moderations", json={"model": "m#status=503", "input": "a"})
    assert failing.status_code == 503
    empty = simulator.http.post("/v1/moderations", json={"input": []})
    assert empty.json()["error"]["code"] == "empty_array"


def test_chat_ends_before_a_text_of_the_caller_s(simulator: Simulator):
    whole = simulator.chat().json()["choices"][0]["message"]["content"]
    word = whole.split()[2]
    for stop in (word, ["never", word]):
        choice = simulator.chat(stop=stop).json()["choices"][0]
        assert choice["message"]["content"] == whole[: whole.index(word)]
        assert choice["finish_reason"] == "stop"
