"""What the simulator says: the same words for the same seed, model and messages."""

import hashlib
import re
from dataclasses import dataclass

import msgspec

from hone.simulator import corpus, schema, tokens
from hone.simulator.behaviours import Behaviour
from hone.simulator.requests import ChatRequest, Function

MAX_OUTPUT_TOKENS = 65_536
"""The longest answer that nobody asked for by number, such as an echo."""

_WORD = re.compile(r"[a-z]+")
_ENCODER = msgspec.json.Encoder(order="sorted")
_PIECES: dict[str, list[str]] = {sentence: tokens.pieces(sentence) for sentence in corpus.SENTENCES}
_LATER_PIECES: dict[str, list[str]] = {
    sentence: tokens.pieces(f" {sentence}") for sentence in corpus.SENTENCES
}


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function that the answer calls; its arguments are the answer's pieces."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, token by token."""

    pieces: list[str]
    finish_reason: str
    reasoning_tokens: int = 0
    tool_call: ToolCall | None = None

    @property
    def text(self) -> str:
        """The answer in one piece."""
        return "".join(self.pieces)

    @property
    def token_count(self) -> int:
        """All tokens that were generated for it."""
        return len(self.pieces) + self.reasoning_tokens


def compose(seed: int, model: str, request: ChatRequest, behaviour: Behaviour) -> Answer:
    """Write the answer to a request."""
    chance = number(seed, model, request)
    function = request.tool_to_call()
    call = None
    if function is not None:
        call = ToolCall(f"call_{chance:032x}"[:29], function.name)
        pieces = tokens.pieces(_arguments(function, chance))
    else:
        pieces = _pieces(request, behaviour, chance)
    finish = "tool_calls" if call else "stop"
    reasoning = behaviour.reasoning_tokens
    limit = request.max_completion_tokens or request.max_tokens
    if limit is not None and reasoning + len(pieces) > limit:
        reasoning = min(reasoning, limit)
        pieces = pieces[: limit - reasoning]
        finish = "length"
    return Answer(pieces, finish, reasoning, call)


def number(seed: int, model: str, request: ChatRequest) -> int:
    """Draw the number that decides an answer."""
    known = (seed, model, request.seed, request.messages)
    return int.from_bytes(hashlib.blake2b(_ENCODER.encode(known), digest_size=16).digest(), "big")


def _pieces(request: ChatRequest, behaviour: Behaviour, chance: int) -> list[str]:
    wanted = request.response_format
    if wanted is not None and wanted.type != "text":
        return tokens.pieces(_json(request, chance))
    if behaviour.echo:
        return tokens.pieces(request.last_user_text())[
            : behaviour.output_tokens or MAX_OUTPUT_TOKENS
        ]
    topic = _topic(request.last_user_text(), chance)
    sentences = corpus.TOPICS[topic][1]
    if behaviour.output_tokens is not None:
        return _prose(sentences, chance, behaviour.output_tokens)
    start = chance % len(sentences)
    chosen = (sentences + sentences)[start : start + 2 + (chance >> 64) % 2]
    return [*_PIECES[chosen[0]], *(piece for later in chosen[1:] for piece in _LATER_PIECES[later])]


def _topic(text: str, chance: int) -> str:
    votes: dict[str, int] = {}
    for word in _WORD.findall(text[-4000:].lower()):
        topic = corpus.KEY_WORDS.get(word)
        if topic is not None:
            votes[topic] = votes.get(topic, 0) + 1
    if votes:
        return max(votes, key=votes.__getitem__)
    topics = list(corpus.TOPICS)
    return topics[chance % len(topics)]


def _prose(sentences: tuple[str, ...], chance: int, length: int) -> list[str]:
    """Write exactly `length` tokens: the topic first, then whatever else the venue knows."""
    pieces: list[str] = []
    start = chance % len(corpus.SENTENCES)
    order = (*sentences, *corpus.SENTENCES[start:], *corpus.SENTENCES[:start])
    while len(pieces) < length:
        for sentence in order:
            pieces += _LATER_PIECES[sentence] if pieces else _PIECES[sentence]
            if len(pieces) >= length:
                break
    return pieces[:length]


def _arguments(function: Function, chance: int) -> str:
    value = schema.example({"type": "object", **(function.parameters or {})}, chance)
    return msgspec.json.encode(value).decode()


def _json(request: ChatRequest, chance: int) -> str:
    wanted = request.response_format
    if wanted is not None and wanted.json_schema is not None and wanted.json_schema.schema:
        value = schema.example(wanted.json_schema.schema, chance)
    else:
        topic = _topic(request.last_user_text(), chance)
        value = {"topic": topic, "answer": corpus.TOPICS[topic][1][0]}
    return msgspec.json.encode(value).decode()
