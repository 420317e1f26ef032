"""A simulator for all tests of a process, clean before each."""

from collections.abc import Iterator

import pytest

from hone.simulator import SimulatorConfig
from tests.simulator.running import Simulator, in_thread


@pytest.fixture(scope="session")
def shared_provider() -> Iterator[Simulator]:
    with in_thread(SimulatorConfig(silence_seconds=20.0)) as simulator:
        yield simulator


@pytest.fixture
def provider(shared_provider: Simulator) -> Simulator:
    shared_provider.reset()
    return shared_provider
