"""The sixteen faults as a page: `python -m tools.failover > ../docs/reference/failover.md`.

Every row is a run: the real simulator, the real gateway, both formats, streamed and not.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final

from hone.gateway import Settled
from hone.simulator import SimulatorConfig
from tests.core.facts import wait_for
from tests.gateway.faults import (
    CHAT,
    DEADLINES,
    FAULTS,
    FLAPS,
    MESSAGES,
    Fault,
    Seen,
    attempt,
    right,
    seen,
    steady,
)
from tests.simulator.running import Simulator, in_thread

HEAD: Final = """\
# Failover scorecard

<!-- Written by `make failover` from a run; edit `server/tools/failover.py`. -->

Sixteen ways in which a provider fails, and what a client of Hone sees. The list is that of
[failoverbench](https://github.com/failoverbench/failoverbench) (methodology 0.1). Each row was run against
`hone simulate`: the first target of a route fails as it says, the last one is well; through
`/v1/chat/completions` and `/v1/messages`, streamed and not. `server/tests/gateway/test_sixteen_faults.py` holds
the same. A rehearsal with your own route: [Rehearse failures](../how-to/rehearse-failures.md).

- **pass**: the client has the whole and right answer, told once, or the refusal that is its own.
- **partial** (S16 only): exact where the provider told the usage, estimated and marked where it told none.
- **safe**: the client is told of an error; what it has is not passed off as all of it.
- **fail**: anything else.
"""
TAIL: Final = """\
A stream that breaks off after the client has had some of it is gone on with only by a model whose
`capabilities` name `prefill`: that is never taken for granted. It is asked for the rest with what was delivered
as the beginning of its answer; the stream keeps its id and has one finish reason, and usage and cost of all
attempts. The route's next models are asked first, then once more the one that broke off. Not gone on with are a
call of a tool, a thought, an answer by a schema, more than one choice, and `/v1/responses` and `/v1/completions`;
there, and where no model is able, the stream ends with a typed error. Mistral and DeepSeek are told by `prefix`
(DeepSeek at its address `/beta`), vLLM and SGLang by `continue_final_message`, all others by the role of the last
message.

A model that refuses to go on, by an answer that calls the request wrong and names no parameter, is not asked
to for an hour; what a content filter or the length of the context refuses is not routed around.

All usage that was told is billed exactly. A provider that breaks off tells none. What came of its answer, streamed or
not, is then counted as four bytes a token, and the attempt is marked `estimated`. That is why S16 stays partial: of
what never arrived nobody but the provider can know. A provider that fell silent may have written an answer and billed
it (S09, not streamed), or have billed nothing (S06, S07: Hone counts the prompt, to be safe). To settle such attempts
by the provider's books: [Keep prices right](../how-to/keep-prices-right.md).

## Others

failoverbench's scorecard of 2026-09-12 (its own runs, its own judges; not run here):

| system | pass | partial | safe | fail |
|---|---:|---:|---:|---:|
| its reference client | 16 | 0 | 0 | 0 |
| DeepSeek Harness with fallbacks | 12 | 3 | 1 | 0 |
| Portkey OSS | 11 | 2 | 0 | 3 |
| LiteLLM proxy | 9 | 3 | 4 | 0 |
| LangChain `with_fallbacks` | 9 | 3 | 4 | 0 |
| Bifrost 2.1.1 | 9 | 3 | 3 | 1 |
| openai-python, retries | 6 | 0 | 10 | 0 |

The judges differ, and so do the runs: these figures show where the field is, not a place in it.
"""

NOISE: Final = 0.25
"""Seconds: what a busy machine of two cores adds to one run."""

Run = tuple[Seen, Settled]
PASS, PARTIAL, SAFE, FAIL = "pass", "partial", "safe", "**fail**"
_MODES: Final = [(side, stream) for side in (CHAT, MESSAGES) for stream in (False, True)]


class Bench:
    """Runs faults against one simulator."""

    def __init__(self, provider: Simulator, folder: Path) -> None:
        self._provider = provider
        self._folder = folder
        self._runs = 0
        self._text = right(provider)
        self.exact = self.told = self.guessed = self.silent = 0
        self.ours = self.theirs = self.unheard = self.unseen = 0
        well = Fault("", "", "", "", (None,), (None,))
        calm = [self._all(well, prefill=True) for _ in range(3)]
        self._calm = [median(one[mode][0].seconds for one in calm) for mode in range(len(_MODES))]

    def row(self, fault: Fault) -> list[str]:
        """Run one fault in every way."""
        able = [self._all(fault, prefill=True) for _ in range(2)]
        unable = self._all(fault, prefill=False)
        refused = fault.name in {"S12", "S13"}
        every = [*able[0], *able[1]]
        attempts = {str(len(frame.attempts)) for _, frame in every}
        added = [
            min(one[mode][0].seconds for one in able) - calm for mode, calm in enumerate(self._calm)
        ]
        return [
            fault.name,
            fault.what,
            fault.becomes,
            self._verdict(every[::2], refused=refused),
            self._verdict(every[1::2], refused=refused),
            self._verdict(unable[1::2], refused=refused),
            " or ".join(sorted(attempts)),
            f"{_added(added[0], added[2])} / {_added(added[1], added[3])}",
        ]

    def flaps(self) -> list[str]:
        """Run S15: a model that fails for a second, and is well again."""
        told = "after five failures it is left alone for 2 s, then tried by one call"
        ways = ((False, True), (True, True), (True, False))
        verdicts = [self._flap(stream=stream, prefill=prefill) for stream, prefill in ways]
        return ["S15", "failing in turns", told, *verdicts, "1 or 2", "0 while left alone"]

    def _flap(self, *, stream: bool, prefill: bool) -> str:
        self._provider.reset()
        made = steady(self._next(), self._provider, CHAT.kind, FLAPS, prefill=prefill)
        with made as home:
            answers = [CHAT.send(home, stream=stream) for _ in range(6)]

            def back() -> bool:
                answers.append(CHAT.send(home, stream=stream))
                return answers[-1].headers["x-hone-model"] == "target-1"

            wait_for(back)
        many = [answer.headers["x-hone-attempts"] for answer in answers[:6]]
        right = all(seen(answer).text == self._text for answer in answers)
        return PASS if right and many == ["2"] * 5 + ["1"] else FAIL

    def money(self) -> list[str]:
        """Tell S16: what all of it cost, here and at the provider."""
        told = (
            f"{self.exact} of {self.told} told usages billed to the pico-dollar; of {self.guessed} broken"
            f" attempts {self.guessed - self.silent} estimated by what came, together"
            f" {self.ours / self.theirs:.0%} of what the provider billed for them, and {self.silent} of"
            f" which nothing came by their prompt, {self.unheard / self.unseen:.0%}"
        )
        alike = PASS if (self.ours, self.unheard) == (self.theirs, self.unseen) else PARTIAL
        verdict = alike if self.exact == self.told else FAIL
        return ["S16", "accounting", told, verdict, verdict, verdict, "", ""]

    def _all(self, fault: Fault, *, prefill: bool) -> list[Run]:
        return [self._run(fault, mode, prefill=prefill) for mode in range(len(_MODES))]

    def _run(self, fault: Fault, mode: int, *, prefill: bool) -> Run:
        self._provider.reset()
        side, stream = _MODES[mode]
        run = attempt(self._next(), self._provider, fault, side, stream=stream, prefill=prefill)
        attempts = run[1].attempts
        wait_for(lambda: len(self._provider.ledger()) == len(attempts))
        rows = sorted(self._provider.ledger(), key=lambda row: row.sequence)
        for row, each in zip(rows, attempts, strict=True):
            self.guessed += each.estimated
            if each.estimated and not each.output_tokens:
                self.silent += 1
                self.unheard += each.cost
                self.unseen += row.billed_picodollars
            elif each.estimated:
                self.ours += each.cost
                self.theirs += row.billed_picodollars
            self.told += not each.estimated
            self.exact += not each.estimated and each.cost == row.billed_picodollars
        return run

    def _verdict(self, runs: list[Run], *, refused: bool) -> str:
        verdicts = {self._judge(*run, refused=refused) for run in runs}
        return next(each for each in (FAIL, SAFE, PASS) if each in verdicts)

    def _judge(self, found: Seen, frame: Settled, *, refused: bool) -> str:
        if refused:
            alone = len(frame.attempts) == 1 and found.status == 400
            return PASS if alone and found.error else FAIL
        if found.error is not None:
            return FAIL if found.finishes else SAFE
        right = found.text == self._text and found.finishes == 1 and len(found.ids) == 1
        return PASS if right else FAIL

    def _next(self) -> Path:
        self._runs += 1
        return self._folder / str(self._runs)


def _added(*seconds: float) -> str:
    """Write the worst of some delays; what is within the noise of one run is nothing."""
    worst = max(seconds)
    return f"{worst:.2f}" if worst >= NOISE else f"< {NOISE}"


def page(bench: Bench) -> Iterator[str]:
    """Write the page."""
    rows = [bench.row(fault) for fault in FAULTS]
    rows += [bench.flaps(), bench.money()]
    yield HEAD
    yield (
        f"Deadlines here: connect {DEADLINES.connect:g} s, first token {DEADLINES.first_token:g} s, stall"
        f" {DEADLINES.stall:g} s, total {DEADLINES.total:g} s. Added time is beside a good day, not streamed /"
        " streamed, in seconds: the worse of the two formats, each by the better of two runs.\n"
    )
    yield (
        "| | what happens | what becomes of it | not streamed | streamed | streamed, no model takes a"
        " prefill | attempts | added, s |"
    )
    yield "|---|---|---|---|---|---|---:|---:|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    for verdict in (PASS, PARTIAL, SAFE, FAIL):
        many = [str(sum(row[place] == verdict for row in rows)) for place in (3, 4, 5)]
        yield f"| | **{verdict.strip('*')}** | | {' | '.join(many)} | | |"
    yield ""
    yield TAIL.rstrip("\n")


def main() -> None:
    """Run everything and print the page."""
    with (
        tempfile.TemporaryDirectory() as folder,
        in_thread(SimulatorConfig(silence_seconds=20.0)) as provider,
    ):
        print("\n".join(page(Bench(provider, Path(folder)))))


if __name__ == "__main__":
    main()
