"""Arms of a split as calls meet them: one that dies, one with a prompt, and a copy that nobody sees."""

import asyncio
import contextlib
import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from hone.core import ids
from hone.gateway import Arm, Route, Settled, Snapshot, Split, Unit, assign, run_shadows
from hone.gateway.breaker import FAILURES
from tests.core.facts import wait_for
from tests.gateway.running import House, house, route, target
from tests.simulator.running import Simulator


def ways(provider: Simulator, **settings: str) -> dict[str, Route]:
    """Make a route for each name, with what the simulator is to do."""
    return {
        name: route(name, target(name, provider.api, upstream=f"sim-chat{told}"))
        for name, told in settings.items()
    }


def split(home: House, *arms: Arm, shadow: Route | None = None, name: str = "gpt") -> Split:
    """Split the calls of a name from now on."""
    made = Split(ids.new(), "experiment", "salt", Unit.USER, arms, shadow=shadow)
    part = replace(home.organization, version=2, splits={name: made})
    home.current.snapshot = Snapshot().with_part(part)
    return made


def somebody(made: Split, arm: int) -> str:
    """Find a user who has an arm."""
    return next(
        name for name in (f"guest-{n}" for n in range(1000)) if assign(made, f"u:{name}") == arm
    )


def as_user(name: str) -> dict[str, Any]:
    return {"headers": {"x-hone-user": name}}


@contextlib.contextmanager
def shadowing(home: House) -> Generator[None]:
    """Make copies meanwhile."""
    loop: asyncio.AbstractEventLoop = home.gateway.clock.__self__  # type: ignore[attr-defined]
    running = asyncio.run_coroutine_threadsafe(run_shadows(home.gateway), loop)
    wait_for(lambda: home.gateway.shadows.served)
    yield
    running.cancel()
    wait_for(lambda: not home.gateway.shadows.served)


def test_an_arm_whose_provider_dies_keeps_its_calls_and_says_so(
    tmp_path: Path, provider: Simulator
) -> None:
    made = ways(provider, gpt="", broken="#status=500")
    with house(tmp_path, made["gpt"]) as home:
        test = split(home, Arm("control", made["gpt"], 0.5), Arm("new", made["broken"], 0.5))
        treated, control = somebody(test, 1), somebody(test, 0)
        failed = [home.ask("gpt", **as_user(treated)) for _ in range(FAILURES)]
        assert {each.status_code for each in failed} == {502}
        rescued = home.ask("gpt", **as_user(treated))
        assert rescued.status_code == 200
        assert rescued.headers["x-hone-model"] == "gpt"
        assert rescued.headers["x-hone-arm"] == "new"
        assert home.ask("gpt", **as_user(control)).headers["x-hone-arm"] == "control"
        frames = home.settled()
    met = [frame.exposure for frame in frames if frame.exposure is not None]
    assert [each.arm for each in met] == ["new"] * (FAILURES + 1) + ["control"]
    assert [each.rescued for each in met] == [False] * FAILURES + [True, False]
    assert len({each.unit for each in met}) == 2
    assert {frame.route for frame in frames} == {"gpt"}


def test_an_arm_that_was_deleted_is_rescued(tmp_path: Path, provider: Simulator) -> None:
    made = ways(provider, gpt="")
    with house(tmp_path, made["gpt"]) as home:
        gone = replace(made["gpt"], targets=(), name="gone")
        test = split(home, Arm("control", made["gpt"], 0.5), Arm("new", gone, 0.5))
        answer = home.ask("gpt", **as_user(somebody(test, 1)))
        assert answer.status_code == 200
        frame = home.one()
    assert frame.exposure is not None
    assert (frame.exposure.arm, frame.exposure.rescued) == ("new", True)


def test_a_prompt_is_said_to_the_model_and_the_log_has_what_came(
    tmp_path: Path, provider: Simulator
) -> None:
    made = ways(provider, gpt="")
    with house(tmp_path, made["gpt"]) as home:
        split(home, Arm("warm", made["gpt"], 1.0, "Be warm, please, in every answer."))
        plain = home.ask("gpt", "Hello", **as_user("anna"))
        frame = home.one()
        kept = json.loads(home.content(frame).request)
    assert plain.status_code == 200
    assert [each["role"] for each in kept["messages"]] == ["user"]
    # The simulator bills what it was sent.
    assert provider.row().prompt_tokens > 5


def test_a_copy_is_made_that_the_client_does_not_see(tmp_path: Path, provider: Simulator) -> None:
    made = ways(provider, gpt="", other="")
    with house(tmp_path, made["gpt"]) as home:
        split(home, Arm("live", made["gpt"], 1.0), shadow=made["other"])
        dropped = home.ask("gpt", **as_user("anna"))
        with shadowing(home):
            answer = home.ask("gpt", **as_user("anna"), metadata={"room": "barn"})
            frames: list[Settled] = wait_for(
                lambda: home.settled() if len(home.settled()) > 2 else []
            )
        metrics = home.metrics()
    assert dropped.status_code == answer.status_code == 200
    (copy,) = [each for each in frames if each.exposure and each.exposure.arm == "shadow"]
    assert copy.attempts[0].model == "other"
    assert (copy.route, copy.user) == ("gpt", "anna")
    assert json.loads(copy.metadata or b"") == {
        "room": "barn",
        "shadowOf": answer.headers["x-request-id"],
    }
    assert metrics['hone_gateway_shadow_calls_total{outcome="dropped"}'] == 1
    assert metrics['hone_gateway_shadow_calls_total{outcome="made"}'] == 1
