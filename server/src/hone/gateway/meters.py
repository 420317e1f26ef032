"""What the gateway counts. Cells are found once for each model, then only added to."""

from dataclasses import dataclass
from typing import Final

from hone.core.counters import Cell, Counters, Histogram, Metric, declare

_SECONDS: Final = (
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0,
)  # fmt: skip
_SHORT: Final = (
    0.0001, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5,
)  # fmt: skip

REQUESTS = declare(
    Metric(
        "ai_multimodel_requests_total",
        "counter",
        "Attempts at a model, by how they ended.",
        ("model", "provider", "status"),
    )
)
DURATION = declare(
    Metric(
        "ai_multimodel_request_duration_seconds",
        "histogram",
        "How long requests took from arrival to the last byte, by the model that answered.",
        ("model",),
        _SECONDS,
    )
)
ERRORS = declare(
    Metric(
        "ai_multimodel_errors_total",
        "counter",
        "Attempts that failed, by error code.",
        ("model", "code"),
    )
)
COST = declare(
    Metric("ai_multimodel_cost_usd_total", "counter", "What attempts cost, in USD.", ("model",))
)
AVAILABILITY = declare(
    Metric(
        "ai_multimodel_model_availability",
        "gauge",
        "1 while the model's circuit breaker is closed in every process, else 0.",
        ("model",),
        across="min",
    )
)
OVERHEAD = declare(
    Metric(
        "hone_gateway_overhead_seconds",
        "histogram",
        "Time that requests spent in the gateway and not at a provider.",
        (),
        _SHORT,
    )
)
TTFT = declare(
    Metric(
        "hone_gateway_ttft_seconds",
        "histogram",
        "Time from a streaming request's arrival to its first token.",
        ("model",),
        _SECONDS,
    )
)
IN_FLIGHT = declare(Metric("hone_gateway_in_flight", "gauge", "Gateway requests in progress.", ()))
REJECTED = declare(
    Metric(
        "hone_gateway_rejected_total",
        "counter",
        "Requests that never left for a provider, by error code.",
        ("code",),
    )
)
FORWARDED = declare(
    Metric(
        "hone_gateway_forwarded_total",
        "counter",
        "Requests about what a provider keeps, forwarded to it, by the status of its answer.",
        ("provider", "status"),
    )
)
LIMITED = declare(
    Metric(
        "hone_limits_refused_total",
        "counter",
        "Calls and attempts that a limit refused, by what it is on and what it counts.",
        ("subject", "measure"),
    )
)
UNCHECKED = declare(
    Metric(
        "hone_limits_unchecked_total",
        "counter",
        "Calls let through under `onStoreLoss: allow` while the database could not be asked.",
        ("measure",),
    )
)

SHADOWED = declare(
    Metric(
        "hone_gateway_shadow_calls_total",
        "counter",
        "Copies of calls for routes that are tried unseen: made, or dropped where too many wait.",
        ("outcome",),
    )
)


@dataclass(slots=True)
class _Model:
    duration: Histogram
    cost: Cell
    availability: Cell


class Meters:
    """The counts of one process."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._models: dict[str, _Model] = {}
        self._requests: dict[tuple[str, str, str], Cell] = {}
        self.overhead = counters.distribution(OVERHEAD)
        self.in_flight = counters.cell(IN_FLIGHT)

    def attempt(self, model: str, provider: str, status: str, cost: int) -> None:
        """Count one attempt and what it cost, in pico-dollars."""
        key = (model, provider, status)
        cell = self._requests.get(key)
        if cell is None:
            labels = {"model": model, "provider": provider, "status": status}
            cell = self._requests[key] = self._counters.cell(REQUESTS, labels)
        cell.add()
        if cost:
            self._model(model).cost.add(cost / 1e12)

    def failure(self, model: str, code: str) -> None:
        """Count an attempt's error."""
        self._counters.cell(ERRORS, {"model": model, "code": code}).add()

    def answered(self, model: str, seconds: float, overhead: float) -> None:
        """Note how long a request took."""
        self._model(model).duration.observe(seconds)
        self.overhead.observe(overhead)

    def first_token(self, model: str, seconds: float) -> None:
        """Note how long a stream's first token took."""
        self._counters.distribution(TTFT, {"model": model}).observe(seconds)

    def available(self, model: str, *, yes: bool) -> None:
        """Note whether a model's breaker is closed."""
        cell = self._model(model).availability
        if cell.value != yes:
            cell.set(1.0 if yes else 0.0)

    def rejected(self, code: str) -> None:
        """Count a request that went nowhere."""
        self._counters.cell(REJECTED, {"code": code}).add()

    def forwarded(self, provider: str, status: int) -> None:
        """Count a request that was sent on as it was."""
        labels = {"provider": provider, "status": str(status)}
        self._counters.cell(FORWARDED, labels).add()

    def limited(self, subject: str, measure: str) -> None:
        """Count a call or an attempt that a limit refused."""
        self._counters.cell(LIMITED, {"subject": subject, "measure": measure}).add()

    def unchecked(self, measure: str) -> None:
        """Count a call that was let through without asking the store of limits."""
        self._counters.cell(UNCHECKED, {"measure": measure}).add()

    def shadowed(self, outcome: str) -> None:
        """Count a copy of a call that was to be made unseen: `made` or `dropped`."""
        self._counters.cell(SHADOWED, {"outcome": outcome}).add()

    def _model(self, name: str) -> _Model:
        found = self._models.get(name)
        if found is None:
            labels = {"model": name}
            found = self._models[name] = _Model(
                self._counters.distribution(DURATION, labels),
                self._counters.cell(COST, labels),
                self._counters.cell(AVAILABILITY, labels),
            )
            found.availability.set(1.0)
        return found
