"""What one request used so far, and its one row in the ledger."""

from datetime import datetime

import msgspec

from hone.simulator.exchange import Exchange
from hone.simulator.ledger import Delivery, Ledger, Row
from hone.simulator.prices import Rate


class Meter(msgspec.Struct):
    """Counts while an answer is made and settles once."""

    ledger: Ledger
    rate: Rate
    exchange: Exchange
    request_id: str
    time: datetime
    endpoint: str
    model: str
    stream: bool
    begun: bool = False
    """True from the first token on; nothing is billed before."""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int = 0
    written_hour_tokens: int = 0
    reasoning_tokens: int = 0
    visible_tokens: int = 0
    delivered_tokens: int = 0
    settled: bool = False

    def settle(self, delivery: Delivery, status: int, error: str | None = None) -> None:
        """Write the row; only the first outcome counts."""
        if self.settled:
            return
        self.settled = True
        prompt, cached, written, hour, completion = 0, 0, 0, 0, 0
        if self.begun:
            prompt, cached = self.prompt_tokens, self.cached_tokens
            written, hour = self.written_tokens, self.written_hour_tokens
            completion = self.reasoning_tokens + self.visible_tokens
        self.ledger.add(
            Row(
                sequence=self.ledger.next_sequence(),
                time=self.time,
                request_id=self.request_id,
                operation_id=self.exchange.header(b"x-hone-operation-id"),
                caller_request_id=self.exchange.header(b"x-request-id"),
                endpoint=self.endpoint,
                model=self.model,
                stream=self.stream,
                status=status,
                error=error,
                delivery=delivery,
                prompt_tokens=prompt,
                cached_tokens=cached,
                completion_tokens=completion,
                reasoning_tokens=self.reasoning_tokens if self.begun else 0,
                delivered_tokens=self.delivered_tokens,
                billed_picodollars=self.rate.bill(prompt, cached, completion, written, hour),
                written_tokens=written,
                written_hour_tokens=hour,
            )
        )
