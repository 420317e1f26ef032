"""A provider that speaks OpenAI's protocol: files, fine-tuning jobs and answers.

https://platform.openai.com/docs/api-reference/fine-tuning
"""

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, Self

import httpx

from hone_trainer.errors import Refused

ADDRESS: Final = "HONE_TUNING_BASE_URL"
TOKEN: Final = "HONE_TUNING_TOKEN"  # noqa: S105 -- the name of a variable
TRIES: Final = 5
SECONDS: Final = 60.0
BUSY: Final = (408, 409, 425, 429, 500, 502, 503, 504)
Body = dict[str, Any]


class Provider:
    """A connection with an address and a token, which never reach a file of the run."""

    def __init__(self, address: str, token: str, told: threading.Event) -> None:
        self._told = told
        self._http = httpx.Client(
            base_url=address.rstrip("/") + "/",
            headers={"authorization": f"Bearer {token}"},
            timeout=SECONDS,
        )

    @classmethod
    def from_environment(cls, told: threading.Event) -> Self:
        """Connect with what the environment says; who starts the run puts it there."""
        given = {name: os.environ.get(name, "") for name in (ADDRESS, TOKEN)}  # noqa: TID251
        lacking = [name for name, value in given.items() if not value]
        if lacking:
            told_of = f"The environment lacks {' and '.join(lacking)}."
            raise Refused("PROVIDER_UNKNOWN", told_of, needs=lacking)
        return cls(given[ADDRESS], given[TOKEN], told)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def upload(self, name: str, content: bytes) -> str:
        """Send a file for fine-tuning and return its id."""
        files = {"file": (name, content, "application/jsonl")}
        form = {"purpose": "fine-tune"}
        sent = self._ask(lambda: self._http.post("files", data=form, files=files))
        return str(sent["id"])

    def create(self, job: Body, key: str) -> Body:
        """Begin a job; the same key begins none twice where the provider knows such keys."""
        headers = {"idempotency-key": key}
        return self._ask(lambda: self._http.post("fine_tuning/jobs", json=job, headers=headers))

    def begun(self, run: str) -> Body | None:
        """Return the job that an earlier life of a run began."""
        listed = self._ask(lambda: self._http.get("fine_tuning/jobs", params={"limit": 100}))
        for job in listed.get("data", []):
            if (job.get("metadata") or {}).get("hone_run") == run:
                return job
        return None

    def job(self, name: str) -> Body:
        """Return a job."""
        return self._ask(lambda: self._http.get(f"fine_tuning/jobs/{name}"))

    def cancel(self, name: str) -> Body:
        """End a job."""
        return self._ask(lambda: self._http.post(f"fine_tuning/jobs/{name}/cancel"))

    def events(self, name: str) -> list[Body]:
        """Return what happened to a job, oldest first."""
        path, params = f"fine_tuning/jobs/{name}/events", {"limit": 100}
        return list(reversed(self._ask(lambda: self._http.get(path, params=params))["data"]))

    def answer(self, model: str, messages: list[dict[str, Any]]) -> str:
        """Return what a model says next."""
        body = {"model": model, "messages": messages, "temperature": 0}
        said = self._ask(lambda: self._http.post("chat/completions", json=body))
        return str(said["choices"][0]["message"]["content"] or "")

    def _ask(self, send: Callable[[], httpx.Response]) -> Body:
        """Send a request, again after a pause where that may help; say in words why it failed."""
        problem = ""
        for attempt in range(TRIES):
            try:
                response = send()
            except httpx.TransportError as failed:
                problem = f"it cannot be reached ({type(failed).__name__})"
                self._told.wait(2**attempt / 4)
                continue
            if response.status_code < 400:
                return response.json()
            problem = _words(response)
            if response.status_code not in BUSY:
                raise Refused(
                    "PROVIDER_REFUSED",
                    f"The provider refused what it was asked: {problem}",
                    status=response.status_code,
                )
            self._told.wait(_pause(response, attempt))
        raise Refused(
            "PROVIDER_UNREACHABLE", f"The provider did not answer: {problem}.", tries=TRIES
        )


def _words(response: httpx.Response) -> str:
    try:
        body: Any = response.json()
    except ValueError:
        return f"status {response.status_code}"
    error = body.get("error") if isinstance(body, Mapping) else None
    told = error.get("message") if isinstance(error, Mapping) else None
    return str(told or f"status {response.status_code}")[:500]


def _pause(response: httpx.Response, attempt: int) -> float:
    wish = response.headers.get("retry-after", "")
    return min(float(wish), SECONDS) if wish.isdigit() else 2**attempt / 4
