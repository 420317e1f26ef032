"""One simulator for all tests of a process, clean before each."""

from collections.abc import Iterator

import openai
import pytest

from hone.simulator import Price, SimulatorConfig
from tests.simulator.running import Simulator, in_thread


@pytest.fixture(scope="session")
def shared_simulator() -> Iterator[Simulator]:
    config = SimulatorConfig(
        prices={"gpt-4o-mini": Price("0.15", "0.6", "0.075")},
        context_tokens={"small": 100},
        silence_seconds=1.0,
    )
    with in_thread(config) as simulator:
        yield simulator


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    shared_simulator.reset()
    return shared_simulator


@pytest.fixture
def client(simulator: Simulator) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=simulator.api, api_key="any", max_retries=0) as client:
        yield client
