"""What the simulator says: the same words for the same seed, model and messages, in any format."""

import hashlib
import re

import msgspec
from msgspec.structs import replace

from hone.simulator import corpus, schema, tokens
from hone.simulator.asks import Ask, Function
from hone.simulator.behaviours import Behaviour

THOUGHT_TOKENS = 32
"""How long a model thinks whose behaviour does not say it, where the caller wants to see it."""

MAX_OUTPUT_TOKENS = 65_536
"""The longest answer that nobody asked for by number, such as an echo."""

_WORD = re.compile(r"[a-z]+")
_ENCODER = msgspec.json.Encoder(order="sorted")
_PIECES: dict[str, list[str]] = {sentence: tokens.pieces(sentence) for sentence in corpus.SENTENCES}
_LATER_PIECES: dict[str, list[str]] = {
    sentence: tokens.pieces(f" {sentence}") for sentence in corpus.SENTENCES
}


class ToolCall(msgspec.Struct, frozen=True, gc=False):
    """A function that the answer calls; its arguments are the answer's pieces."""

    id: str
    name: str


class Answer(msgspec.Struct, frozen=True, gc=False):
    """A whole answer, token by token."""

    pieces: list[str]
    finish_reason: str
    reasoning_tokens: int = 0
    tool_call: ToolCall | None = None
    chance: int = 0
    """The number that decided it."""
    stop: str | None = None
    """The text of the caller's before which it ends."""

    @property
    def text(self) -> str:
        """The answer in one piece."""
        return "".join(self.pieces)

    @property
    def token_count(self) -> int:
        """All tokens that were generated for it."""
        return len(self.pieces) + self.reasoning_tokens

    def arguments(self) -> dict[str, object] | None:
        """Return what a tool is called with; None where a limit cut it off."""
        try:
            return msgspec.json.decode(self.text, type=dict[str, object])
        except msgspec.DecodeError:
            return None

    def thoughts(self) -> list[str]:
        """Return what was thought before, token by token."""
        return _prose((), self.chance, self.reasoning_tokens) if self.reasoning_tokens else []


def compose(seed: int, model: str, ask: Ask, behaviour: Behaviour) -> Answer:
    """Write the answer to a conversation."""
    prefill = ask.prefill()
    if prefill and len(ask.messages) > 1:
        before = replace(ask, messages=ask.messages[:-1])
        whole = _whole(seed, model, before, behaviour)
        if whole.tool_call is None and whole.text.startswith(prefill):
            rest = tokens.pieces(whole.text[len(prefill) :])
            return _limited(replace(whole, pieces=rest), ask.limit)
    return _limited(_whole(seed, model, ask, behaviour), ask.limit)


def number(seed: int, model: str, ask: Ask) -> int:
    """Draw the number that decides an answer."""
    known = (seed, model, ask.seed, ask.messages)
    return int.from_bytes(hashlib.blake2b(_ENCODER.encode(known), digest_size=16).digest(), "big")


def _whole(seed: int, model: str, ask: Ask, behaviour: Behaviour) -> Answer:
    chance = number(seed, model, ask)
    reasoning = behaviour.reasoning_tokens or (THOUGHT_TOKENS if ask.thinks else 0)
    function = _function(ask, behaviour)
    if function is not None:
        call = ToolCall(f"{chance:032x}"[:24], function.name)
        pieces = tokens.pieces(_arguments(function, chance))
        return Answer(pieces, "tool_calls", reasoning, call, chance)
    pieces = _pieces(ask, behaviour, chance)
    if ask.stops:
        text = "".join(pieces)
        found = [(text.index(stop), stop) for stop in ask.stops if stop and stop in text]
        if found:
            end, stop = min(found)
            return Answer(tokens.pieces(text[:end]), "stop", reasoning, None, chance, stop)
    return Answer(pieces, "stop", reasoning, None, chance)


def _function(ask: Ask, behaviour: Behaviour) -> Function | None:
    if ask.tool is not None or not behaviour.call_tool:
        return ask.tool
    free = ask.may_call and ask.messages[-1].role != "tool"
    return ask.tools[0] if free and ask.tools else None


def _limited(answer: Answer, limit: int | None) -> Answer:
    if limit is None or answer.token_count <= limit:
        return answer
    reasoning = min(answer.reasoning_tokens, limit)
    pieces = answer.pieces[: limit - reasoning]
    return replace(
        answer, pieces=pieces, reasoning_tokens=reasoning, finish_reason="length", stop=None
    )


def _pieces(ask: Ask, behaviour: Behaviour, chance: int) -> list[str]:
    if ask.json:
        return tokens.pieces(_json(ask, chance))
    if behaviour.echo:
        return tokens.pieces(ask.last_user_text())[: behaviour.output_tokens or MAX_OUTPUT_TOKENS]
    topic = _topic(ask.last_user_text(), chance)
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


def _json(ask: Ask, chance: int) -> str:
    if ask.schema:
        value = schema.example(ask.schema, chance)
    else:
        topic = _topic(ask.last_user_text(), chance)
        value = {"topic": topic, "answer": corpus.TOPICS[topic][1][0]}
    return msgspec.json.encode(value).decode()
