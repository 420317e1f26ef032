"""Files and fine-tuning jobs: a job goes one state on each time it is asked for.

https://platform.openai.com/docs/api-reference/fine-tuning and …/files
"""

from collections.abc import Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from typing import Any, Final, cast

import msgspec

from hone.core import clock, ids
from hone.simulator.errors import Refused
from hone.simulator.formats.base import Inbound, Stored, encode

STATES: Final = ("validating_files", "queued", "running", "succeeded")
LEAST: Final = 10
"""Examples of a file, as the vendor asks for."""
Job = dict[str, Any]
_NAMES: Final = ("hyperparameters", "method", "suffix", "seed", "metadata")


class _Ask(msgspec.Struct):
    model: str
    training_file: str
    validation_file: str | None = None
    hyperparameters: dict[str, Any] | None = None
    method: dict[str, Any] | None = None
    suffix: str | None = None
    seed: int | None = None
    metadata: dict[str, str] | None = None


def upload(inbound: Inbound, _: Sequence[str]) -> object:
    """Keep a file."""
    head = b"Content-Type: " + (inbound.header(b"content-type") or "").encode() + b"\r\n\r\n"
    form = message_from_bytes(head + inbound.body)
    parts = form.get_payload() if form.is_multipart() else []
    fields = {_field(part): part for part in cast("list[Message]", parts)}
    if "file" not in fields or "purpose" not in fields:
        raise Refused("'file' and 'purpose' are required.", code="missing_required_parameter")
    content = cast("bytes", fields["file"].get_payload(decode=True))
    name = f"file-{ids.new().hex}"
    about: Job = {
        "id": name,
        "object": "file",
        "bytes": len(content),
        "created_at": int(clock.now().timestamp()),
        "filename": fields["file"].get_filename() or "file",
        "purpose": cast("bytes", fields["purpose"].get_payload(decode=True)).decode(),
        "status": "processed",
    }
    inbound.shelf.put(name, Stored(encode(about), []))
    inbound.shelf.put(f"content of {name}", Stored(content, []))
    return about


def file(inbound: Inbound, _: Sequence[str]) -> object:
    """Return what is known of a file."""
    return _stored(inbound, inbound.name, "file-").body


def forget(inbound: Inbound, _: Sequence[str]) -> object:
    """Forget a file."""
    _stored(inbound, inbound.name, "file-")
    inbound.shelf.take(inbound.name)
    inbound.shelf.take(f"content of {inbound.name}")
    return {"id": inbound.name, "object": "file", "deleted": True}


def create(inbound: Inbound, _: Sequence[str]) -> object:
    """Begin a job."""
    try:
        ask = msgspec.json.decode(inbound.body, type=_Ask)
    except msgspec.DecodeError as wrong:
        raise Refused(str(wrong), code="invalid_request") from None
    for name in (ask.training_file, ask.validation_file):
        if name is not None:
            _stored(inbound, name, "file-", param="training_file")
    given = {name: getattr(ask, name) for name in _NAMES}
    job: Job = {
        "id": f"ftjob-{ids.new().hex}",
        "object": "fine_tuning.job",
        "created_at": int(clock.now().timestamp()),
        "model": ask.model,
        "training_file": ask.training_file,
        "validation_file": ask.validation_file,
        "status": STATES[0],
        "fine_tuned_model": None,
        "finished_at": None,
        "trained_tokens": None,
        "error": None,
        **given,
    }
    _keep(inbound, job, ["Created fine-tuning job.", "Validating training file."])
    return job


def job(inbound: Inbound, _: Sequence[str]) -> object:
    """Return a job, which has gone on by one state."""
    found, said = _job(inbound)
    if found["status"] in STATES[:-1]:
        said.append(_go_on(inbound, found))
        _keep(inbound, found, said)
    return found


def jobs(inbound: Inbound, _: Sequence[str]) -> object:
    """List jobs, newest first, as they are."""
    shelf = inbound.shelf
    listed = [shelf.get(name) for name in reversed(shelf.names()) if name.startswith("ftjob-")]
    data = [msgspec.json.decode(each.body)["job"] for each in listed if each is not None]
    return {"object": "list", "data": data, "has_more": False}


def cancel(inbound: Inbound, _: Sequence[str]) -> object:
    """End a job that is not over."""
    found, said = _job(inbound)
    if found["status"] not in STATES[:-1]:
        raise Refused(f"Job has already {found['status']}.", code="invalid_request_error")
    found["status"], found["finished_at"] = "cancelled", int(clock.now().timestamp())
    _keep(inbound, found, [*said, "Fine-tuning job cancelled."])
    return found


def events(inbound: Inbound, _: Sequence[str]) -> object:
    """List what happened to a job, newest first."""
    found, said = _job(inbound)
    data: list[Job] = [
        {
            "id": f"ftevent-{found['id']}-{number}",
            "object": "fine_tuning.job.event",
            "created_at": found["created_at"],
            "level": "info",
            "type": "message",
            "message": message,
            "data": {},
        }
        for number, message in enumerate(said)
    ]
    if found["status"] == STATES[-1]:
        losses = ((1, 1.2), (2, 0.7), (3, 0.4))
        data += [
            {
                "id": f"ftevent-{found['id']}-step-{step}",
                "object": "fine_tuning.job.event",
                "created_at": found["created_at"],
                "level": "info",
                "type": "metrics",
                "message": f"Step {step}/3: training loss={loss}",
                "data": {"step": step, "total_steps": 3, "train_loss": loss},
            }
            for step, loss in losses
        ]
    return {"object": "list", "data": data[::-1], "has_more": False}


def _go_on(inbound: Inbound, found: Job) -> str:
    problem = _problem(inbound, found) if found["status"] == STATES[0] else ""
    if problem:
        found["status"], found["finished_at"] = "failed", int(clock.now().timestamp())
        found["error"] = {
            "code": "invalid_training_file",
            "message": problem,
            "param": "training_file",
        }
        return problem
    found["status"] = STATES[STATES.index(found["status"]) + 1]
    if found["status"] == STATES[-1]:
        content = _stored(inbound, f"content of {found['training_file']}", "content").body
        found["finished_at"] = int(clock.now().timestamp())
        found["trained_tokens"] = len(content) // 4
        ending = found["id"].removeprefix("ftjob-")
        found["fine_tuned_model"] = f"ft:{found['model']}:hone:{found['suffix'] or ''}:{ending}"
    return f"The job is {found['status']}."


def _problem(inbound: Inbound, found: Mapping[str, Any]) -> str:
    """Say what is wrong with a job's training file."""
    method: Job = found["method"] or {}
    kind = method.get("type", "supervised")
    needed = "messages" if kind == "supervised" else "preferred_output"
    lines = _stored(inbound, f"content of {found['training_file']}", "content").body.splitlines()
    for number, line in enumerate(lines, 1):
        try:
            example = msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.DecodeError:
            return f"Line {number} of the training file is not a JSON object."
        if not example.get(needed):
            return f"Line {number} of the training file has no '{needed}'."
    if len(lines) < LEAST:
        return f"Training file has {len(lines)} example(s), but must have at least {LEAST}."
    return ""


def _job(inbound: Inbound) -> tuple[Job, list[str]]:
    body = msgspec.json.decode(_stored(inbound, inbound.name, "ftjob-").body)
    return body["job"], body["events"]


def _keep(inbound: Inbound, job: Mapping[str, Any], said: Sequence[str]) -> None:
    inbound.shelf.put(job["id"], Stored(encode({"job": job, "events": said}), []))


def _stored(inbound: Inbound, name: str, kind: str, param: str = "id") -> Stored:
    found = inbound.shelf.get(name) if name.startswith(kind) else None
    if found is None:
        raise Refused(f"No such object: {name}", status=404, code="not_found", param=param)
    return found


def _field(part: Message) -> str:
    return str(part.get_param("name", "", header="content-disposition"))
