"""A call is freed as it ends: what it leaves to the garbage collector would stop calls later."""

import gc
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.gateway.running import house, route, target
from tests.simulator.running import Simulator


@pytest.fixture
def kept_garbage() -> Generator[list[object]]:
    """Keep what only the collector could free, for looking at."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


@pytest.mark.parametrize("stream", [False, True])
def test_a_call_leaves_no_cycles(
    tmp_path: Path, provider: Simulator, kept_garbage: list[object], *, stream: bool
) -> None:
    with house(tmp_path, route("gpt", target("gpt", provider.api, upstream="sim-chat"))) as home:
        for _ in range(5):
            assert home.ask("gpt", stream=stream).status_code == 200
        assert home.ask("unknown").status_code == 404
        gc.collect()
        ours = [each for each in kept_garbage if type(each).__module__.startswith("hone.")]
    assert ours == []
