"""Files and fine-tuning jobs, with the vendor's own client."""

import io
import json

import httpx
import openai
import pytest

from tests.simulator.running import Simulator

LINES = "".join(
    json.dumps({"messages": [{"role": "user", "content": f"Question {number}"}]}) + "\n"
    for number in range(12)
)


def sent(client: openai.OpenAI, content: str = LINES) -> str:
    file = ("train.jsonl", io.BytesIO(content.encode()))
    return client.files.create(file=file, purpose="fine-tune").id


def test_a_job_goes_on_until_there_is_a_model(client: openai.OpenAI):
    name = sent(client)
    assert client.files.retrieve(name).bytes == len(LINES)
    job = client.fine_tuning.jobs.create(
        model="small", training_file=name, suffix="mine", metadata={"run": "trun_1"}
    )
    seen = [job.status]
    while job.status not in {"succeeded", "failed"}:
        job = client.fine_tuning.jobs.retrieve(job.id)
        seen.append(job.status)
    assert seen == ["validating_files", "queued", "running", "succeeded"]
    assert job.fine_tuned_model is not None
    assert job.fine_tuned_model.startswith("ft:small:hone:mine:")
    said = client.fine_tuning.jobs.list_events(job.id).data
    assert {event.type for event in said} == {"message", "metrics"}
    assert client.fine_tuning.jobs.list().data[0].metadata == {"run": "trun_1"}
    answer = client.chat.completions.create(
        model=job.fine_tuned_model, messages=[{"role": "user", "content": "Hello"}]
    )
    assert answer.choices[0].message.content


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{}\n", "no 'messages'"),
        ("no\n", "not a JSON object"),
        (LINES[: LINES.index("\n") + 1], "at least 10"),
    ],
)
def test_a_file_that_cannot_be_learned_from_fails_the_job(
    client: openai.OpenAI, content: str, problem: str
):
    job = client.fine_tuning.jobs.create(model="small", training_file=sent(client, content))
    job = client.fine_tuning.jobs.retrieve(job.id)
    assert job.status == "failed"
    assert job.error is not None
    assert problem in job.error.message


def test_a_job_is_cancelled_once(client: openai.OpenAI):
    job = client.fine_tuning.jobs.create(model="small", training_file=sent(client))
    assert client.fine_tuning.jobs.cancel(job.id).status == "cancelled"
    with pytest.raises(openai.BadRequestError):
        client.fine_tuning.jobs.cancel(job.id)


def test_what_is_not_there_is_not_found(client: openai.OpenAI, simulator: Simulator):
    name = sent(client)
    assert client.files.delete(name).deleted
    with pytest.raises(openai.NotFoundError):
        client.fine_tuning.jobs.create(model="small", training_file=name)
    with pytest.raises(openai.NotFoundError):
        client.fine_tuning.jobs.retrieve("ftjob-none")
    refused: httpx.Response = simulator.http.post("/v1/files", content=b"{}")
    assert refused.status_code == 400
