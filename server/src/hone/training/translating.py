"""What other words for a training mean: parameters, tasks, and examples in conversations.

Nothing here is guessed in silence: what an engine does not know is left out, and told in a note.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from hone.datasets import Kind
from hone.training.schemas.doors import (
    ConversationLog,
    ExpertAnnotation,
    Hyperparameters,
    Message,
    Optimization,
    TrainingData,
)
from hone.training.schemas.job import Split, Task
from hone.training.schemas.runs import EngineRead

TASKS: Final[Mapping[str, Task]] = {
    "conversational_ai": "response",
    "intent_classification": "intent",
    "entity_extraction": "entity",
    "response_generation": "response",
    "intent": "intent",
    "entity": "entity",
    "response": "response",
    "sft": "sft",
    "dpo": "dpo",
}
NAMES: Final[Mapping[str, str]] = {
    "conversational_ai": "chatbot",
    "intent_classification": "chatbot-intents",
    "entity_extraction": "chatbot-entities",
    "response_generation": "chatbot-answers",
}
KINDS: Final[Mapping[Task, Kind]] = {
    "intent": "intent",
    "entity": "entity",
    "response": "response",
    "sft": "chat",
    "dpo": "preference",
}
_ASKS: Final = frozenset({"customer", "user", "human", "client"})
_ANSWERS: Final = frozenset({"bot", "agent", "assistant", "ai", "expert"})
_LOSSES: Final = {"focal_loss": "focal", "cross_entropy": "cross_entropy", "custom": "custom"}
_TAUGHT: Final[Mapping[str, str]] = {"intent": "label", "entity": "entities"}
_TEST: Final = 0.1
_TITLE: Final = 80
"""Characters that a page without a title is called by."""
_STEPS_OF_AN_EPOCH: Final = 100
_STOPPING: Final = ("patience", "minDelta")
_REGULARIZATION: Final = ("l2", "dropout", "labelSmoothing")
_SCHEDULE: Final = ("kind", "type", "warmup", "warmupSteps")
_SHAPES: Final = ("constant", "linear", "cosine")
_OF_STEPS: Final = ("learningRate", "batchSize", "epochs")
_IDLE_AT_ONCE: Final = ("schedule", "earlyStopping")


@dataclass(slots=True)
class Read:
    """What was understood, and what was not."""

    params: dict[str, Any] = field(default_factory=dict[str, Any])
    notes: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Example:
    """Something to learn from."""

    input: str
    output: str | list[dict[str, Any]]
    source: str
    conversation: str | None = None
    at: datetime | None = None


def split_of(validation: float | None) -> Split:
    """Split data so that this share is validated with."""
    if validation is None:
        return Split()
    test = min(_TEST, round((1 - validation) / 2, 4))
    return Split(train=round(1 - validation - test, 6), validation=validation, test=test)


def params_of(hyper: Hyperparameters, wanted: Optimization, engine: EngineRead | None) -> Read:
    """Write hyperparameters as the engine names them; leave out what it does not have."""
    read = Read()
    schedule = _schedule(wanted.learning_schedule, read.notes)
    stopping = _known(
        "earlyStoppingCriteria", wanted.early_stopping_criteria, _STOPPING, read.notes
    )
    loss = wanted.cost_function
    asked: dict[str, Any] = {
        "learningRate": hyper.learning_rate,
        "batchSize": hyper.batch_size,
        "epochs": hyper.epochs,
        "regularization": _known(
            "regularization", hyper.regularization, _REGULARIZATION, read.notes
        ),
        "lossFunction": None if loss is None else _LOSSES[loss],
        "customLoss": wanted.custom_loss,
        "optimizer": wanted.optimizer,
        "schedule": schedule,
        "earlyStopping": stopping,
    }
    known = None if engine is None else engine.parameters.get("properties")
    for name, value in asked.items():
        if value is None:
            continue
        if known and name not in known:
            assert engine is not None
            read.notes.append(f"The engine {engine.name!r} has no {name!r}; it was left out.")
        else:
            read.params[name] = value
    _go_by_steps(read, known or {})
    return read


def _go_by_steps(read: Read, known: Mapping[str, Any]) -> None:
    """Choose steps where something is said of them: an engine that solves at once would not hear it."""
    params = read.params
    if "adam" not in known.get("optimizer", {}).get("enum", ()):
        return
    if "optimizer" in params or "lossFunction" in params:
        return
    if any(name in params for name in _OF_STEPS):
        params["optimizer"] = "adam"
        said = ", ".join(name for name in _OF_STEPS if name in params)
        read.notes.append(f"It learns step by step, by adam, because of {said}.")
        return
    idle = [name for name in _IDLE_AT_ONCE if params.pop(name, None) is not None]
    if idle:
        read.notes.append(
            f"It is solved at once, without steps: {', '.join(idle)} was left out."
            " Choose an optimizer to learn step by step."
        )


def _known(
    what: str, given: Mapping[str, Any] | None, names: Sequence[str], notes: list[str]
) -> dict[str, Any] | None:
    if not given:
        return None
    others = [each[:80] for each in given if each not in names]
    if others:
        notes.append(f"Of {what} {', '.join(names)} are known; left out: {', '.join(others)}.")
    return {name: given[name] for name in names if name in given} or None


def _schedule(given: Mapping[str, Any] | None, notes: list[str]) -> dict[str, Any] | None:
    """Read a schedule: its shape, and a warm-up as a share, or as steps of some hundred."""
    if not given:
        return None
    said = _known("learningSchedule", given, _SCHEDULE, notes) or {}
    found: dict[str, Any] = {}
    kind = said.get("kind") or said.get("type")
    if kind in _SHAPES:
        found["kind"] = kind
    elif kind is not None:
        shapes = ", ".join(_SHAPES)
        notes.append(f"There is no schedule {str(kind)[:80]!r}; there are {shapes}.")
    warmup, steps = said.get("warmup"), said.get("warmupSteps")
    if isinstance(warmup, int | float):
        found["warmup"] = warmup
    elif isinstance(steps, int | float):
        found["warmup"] = round(min(max(steps / _STEPS_OF_AN_EPOCH, 0), 1), 4)
        notes.append(f"warmupSteps is read as a share of all steps: {found['warmup']:.0%}.")
    elif warmup is not None or steps is not None:
        notes.append("The warm-up is no number; it was left out.")
    return found or None


def examples_of(task: Task, data: TrainingData) -> list[Example]:
    """Find what can be learned from for a task."""
    found = {"intent": _intents, "entity": _entities}.get(task, _answers)(data)
    return [*found, *_told(task, data.feedback_data)]


def notes_of(task: Task, data: TrainingData) -> list[str]:
    """Say what of the data nothing is learned from."""
    notes: list[str] = []
    used = len(_told(task, data.feedback_data))
    if len(data.feedback_data) > used:
        notes.append(
            f"{len(data.feedback_data) - used} entries of feedbackData have no input and corrected"
            " answer: POST /api/ai/feedback makes examples of corrected operations."
        )
    idle = sum(not _taught(task, data, each) for each in data.expert_annotations)
    if idle:
        notes.append(
            f"{idle} of {len(data.expert_annotations)} entries of expertAnnotations say no"
            f" {_TAUGHT.get(task, 'answer')} of a message that is there; they were left out."
        )
    knowledge = data.domain_knowledge
    read = ("faqs", "pages") if task == "response" else ("faqs",)
    others = (
        [each for each in knowledge if each not in read] if isinstance(knowledge, Mapping) else []
    )
    if others:
        notes.append(
            f"Of domainKnowledge {' and '.join(f'`{each}`' for each in read)} are learned from;"
            f" left out: {', '.join(others)}."
        )
    if task == "response" and (left := _listed(knowledge, "pages") - len(_pages(knowledge))):
        notes.append(
            f"{left} pages of domainKnowledge have no text: those with an address are read, and kept"
            " in sync, by POST /api/datasets/{dataset}/knowledge."
        )
    return notes


def _messages(data: TrainingData, note: ExpertAnnotation) -> tuple[ConversationLog, Message] | None:
    """Find the message that an annotation is about."""
    log: ConversationLog | None = None
    if isinstance(note.conversation, int):
        if 0 <= note.conversation < len(data.conversation_logs):
            log = data.conversation_logs[note.conversation]
    else:
        log = next((each for each in data.conversation_logs if each.id == note.conversation), None)
    if log is None:
        return None
    if note.message is not None:
        return (log, log.messages[note.message]) if note.message < len(log.messages) else None
    asked = next((each for each in log.messages if each.role.lower() in _ASKS), log.messages[0])
    return log, asked


def _taught(task: Task, data: TrainingData, note: ExpertAnnotation) -> bool:
    """Tell whether an annotation teaches a task anything."""
    said = {"intent": note.label, "entity": note.entities}.get(task, note.answer)
    return _messages(data, note) is not None and (
        bool(said) or (said is not None and task == "entity")
    )


def _by_expert(about: tuple[ConversationLog, Message], said: str | list[dict[str, Any]]) -> Example:
    log, message = about
    return Example(message.text, said, "expert", log.id, message.at)


def _intents(data: TrainingData) -> list[Example]:
    found: list[Example] = []
    for note in data.expert_annotations:
        about = _messages(data, note)
        if about is not None and note.label:
            found.append(_by_expert(about, note.label))
    return found


def _entities(data: TrainingData) -> list[Example]:
    found: list[Example] = []
    for note in data.expert_annotations:
        about = _messages(data, note)
        if about is not None and note.entities is not None:
            marked = [dict(each) for each in note.entities]
            found.append(_by_expert(about, marked))
    return found


def _answers(data: TrainingData) -> list[Example]:
    found: list[Example] = []
    for log in data.conversation_logs:
        asked: Message | None = None
        for message in log.messages:
            role = message.role.lower()
            if role in _ASKS:
                asked = message
            elif role in _ANSWERS and asked is not None:
                found.append(Example(asked.text, message.text, "automated", log.id, asked.at))
                asked = None
    for note in data.expert_annotations:
        about = _messages(data, note)
        if about is not None and note.answer:
            found.append(_by_expert(about, note.answer))
    found += [Example(*pair, "expert") for pair in _faqs(data.domain_knowledge)]
    return found + [Example(*page, "knowledge") for page in _pages(data.domain_knowledge)]


def _listed(knowledge: Mapping[str, Any] | Sequence[Any], name: str) -> int:
    listed = knowledge.get(name) if isinstance(knowledge, Mapping) else None
    return len(cast("Sequence[object]", listed)) if isinstance(listed, list | tuple) else 0


def _pages(knowledge: Mapping[str, Any] | Sequence[Any]) -> list[tuple[str, str]]:
    """Read pages with their titles; one that is only text is called by how it begins."""
    if not _listed(knowledge, "pages"):
        return []
    assert isinstance(knowledge, Mapping)
    found: list[tuple[str, str]] = []
    for each in cast("Sequence[object]", knowledge["pages"]):
        page = cast("dict[str, object]", each) if isinstance(each, dict) else {"text": each}
        said = page.get("text") or page.get("content")
        if isinstance(said, str) and said.strip():
            title = page.get("title")
            begin = " ".join(said.split())[:_TITLE]
            found.append((title if isinstance(title, str) and title.strip() else begin, said))
    return found


def _faqs(knowledge: Mapping[str, Any] | Sequence[Any]) -> list[tuple[str, str]]:
    listed = knowledge.get("faqs", ()) if isinstance(knowledge, Mapping) else knowledge
    found: list[tuple[str, str]] = []
    for each in cast("Sequence[object]", listed if isinstance(listed, list | tuple) else ()):
        if isinstance(each, dict):
            entry = cast("dict[str, object]", each)
            question, answer = entry.get("question"), entry.get("answer")
            if isinstance(question, str) and isinstance(answer, str):
                found.append((question, answer))
    return found


def _told(task: Task, feedback: Sequence[Mapping[str, Any]]) -> list[Example]:
    """Take feedback that says itself what was asked and what would have been right."""
    if task == "entity":
        return []
    name = "correctedCategory" if task == "intent" else "correctedAnswer"
    pairs = [(each.get("input"), each.get(name) or each.get("expected")) for each in feedback]
    return [
        Example(asked, right, "user")
        for asked, right in pairs
        if isinstance(asked, str) and isinstance(right, str)
    ]
