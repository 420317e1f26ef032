"""Gemini's stream: whole answers, one after the other, each with what is new."""

from collections.abc import Iterator

from hone.llm.errors import Malformed
from hone.llm.formats.gemini import answers, logprobs
from hone.llm.neutral import (
    Argued,
    Asked,
    Began,
    Called,
    Counted,
    Delta,
    Ended,
    Mused,
    Raw,
    Text,
    Thought,
    Wrote,
)
from hone.llm.sse import Splitter, TooLong


class GeminiReader:
    """Reads chunks; calls come whole, and nothing says that nothing follows."""

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._id: str | None = None
        self._calls: dict[int, int] = {}
        """How many calls each choice has made; a choice that has spoken has an entry."""
        self._ended: set[int] = set()

    def feed(self, chunk: bytes) -> Iterator[Delta]:
        """Say what this chunk says."""
        try:
            events = self._splitter.feed(chunk)
        except TooLong as error:
            raise Malformed from error
        for event in events:
            if event.data:
                yield from self._read(event.data)

    def _read(self, data: bytes) -> Iterator[Delta]:
        told = answers.decode(data)
        usage = answers.usage(told.usage_metadata)
        if self._id is None:
            self._id = told.response_id or ""
            yield Began(self._id, told.model_version or "", usage)
        for candidate in told.candidates or ():
            yield from self._candidate(candidate, self._id)
        # Every chunk tells what it took so far; the one that ends the answer tells all of it.
        if usage is not None and self._ended and len(self._ended) == len(self._calls):
            yield Counted(usage)

    def _candidate(self, candidate: answers.Candidate, answer_id: str) -> Iterator[Delta]:
        choice = candidate.index
        calls = self._calls.setdefault(choice, 0)
        probable = logprobs.write(candidate.logprobs_result)
        for part in answers.parts(candidate, answer_id, calls):
            match part:
                case Text(text=text):
                    yield Wrote(text, choice, probable)
                    probable = Raw(b"")
                case Thought():
                    yield Mused(part.text, part.signature, choice=choice)
                case Asked():
                    yield Called(calls, part.id, part.name, part.signature, choice)
                    yield Argued(calls, part.arguments, choice)
                    calls += 1
                case _:
                    continue
        self._calls[choice] = calls
        if candidate.finish_reason and choice not in self._ended:
            self._ended.add(choice)
            yield Ended(answers.finish(candidate.finish_reason, called=calls > 0), choice=choice)
