"""The demo's story: a model meets questions that it never saw, learns them by itself, and a bad version goes back.

Scripted callers ask a small classifier and say whether it was right. All that follows is Hone's own doing:
corrected answers become examples, accuracy falls, a policy begins a turn, its version passes the gates, meets a
tenth of the callers, is compared with the live one and wins. Then somebody releases a version that was trained on
wrong labels, and its release takes it back.
"""

import itertools
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

NAME: Final = "venue-requests"
WRONG: Final = "venue-requests-mislabelled"
_OVER: Final = ("promoted", "rolled_back", "rejected", "skipped", "failed")
_RELEASE_OVER: Final = ("succeeded", "rolled_back", "cancelled", "failed")
_PHRASES: Final = {
    "price": ("what does dinner cost", "how much is the deposit", "the price for eighty guests"),
    "date": ("is the second of June free", "can we move our date", "which weekends are open"),
    "food": ("do you have vegan menus", "may we bring our own wine", "who bakes the cake"),
}
_NEW: Final = {
    "parking": (
        "where can coaches park",
        "is there a garage",
        "how many cars fit outside",
        "may we leave a van overnight",
        "do you have a valet",
        "can taxis turn at the gate",
    ),
}
"""What nobody asked when the model was trained: in enough ways that a test set has some that training has not."""
_BEFORE: Final = ("hello,", "please,", "quick question:", "for our wedding:", "one more thing:")
_AFTER: Final = ("", "thanks", "if I may ask", "we are in a hurry", "by the way", "as discussed")
_SPLIT: Final = {"train": 0.6, "validation": 0.1, "test": 0.3}
_GATES: Final[Json] = {"latencyP95Ms": 5000, "calibrationError": 0.5}
"""Of the usual gates those that speak of the machine are wide: it may have other things to do."""
_JOB: Final[Json] = {
    "name": NAME,
    "data": {"dataset": NAME, "split": _SPLIT},
    "gates": [_GATES],
}
_POLICY: Final[Json] = {
    "model": NAME,
    "job": _JOB,
    "triggers": [{"kind": "accuracy_below", "below": 0.9, "least": 30, "windowHours": 24}],
    "debounceSeconds": 5,
    "leastNew": 60,
    "budget": {"runsPerDay": 6},
    "release": {
        "strategy": "canary",
        "plan": {
            "steps": [{"share": 0.1, "hold": {"units": 5}}, {"share": 0.5}],
            "promotion": "approval",
        },
        "compare": {"metric": "accuracy", "least": 20, "hours": 1},
    },
}
_BAD: Final[Json] = {
    "name": NAME,
    "strategy": "canary",
    "reason": "somebody was sure that it is better",
    "plan": {
        "steps": [{"share": 0.5, "hold": {"units": 2000}}],
        "guardrails": [{"metric": "accuracy", "margin": 0.05}],
    },
}
_TURNS: Final = 3
"""How many turns may end otherwise before the story is over."""
_TRIES: Final = 4
_BETWEEN_TRIES: Final = 11.0
"""Seconds, after which the server asks the trainer anew."""
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _word(ended: Json) -> str:
    return str(ended["state"]).replace("_", " ")


class Refused(Exception):
    """Hone answered otherwise than the story has it."""


@dataclass
class Story:
    """Callers of one Hone, and somebody who tells what happens."""

    url: str
    key: str
    tell: Callable[[str], None]
    pause: float = 0.25
    """Seconds between two callers."""
    _dice: random.Random = field(default_factory=lambda: random.Random(7))
    _number: Iterator[int] = field(default_factory=itertools.count)

    def play(self) -> bool:
        """Play it to its end, from where it was left; False: nothing can learn here."""
        if not self._can_learn():
            self.tell("To see models learn, install the trainer (`make trainer`) and start again.")
            return False
        self._begins()
        if self._improves():
            release = self._goes_back()
            self.tell(f"The bad version was {_word(release)} by itself: {release['words']}")
            self.tell(f"What happened to it: {self.url}/releases/{release['id']}")
        return True

    def _can_learn(self) -> bool:
        """Ask until the trainer says so: on a busy machine it may take a while to say what it has."""
        for left in reversed(range(_TRIES)):
            engines = self._send("GET", "/api/training/engines")["items"]
            if any(each["name"] == "linear" and each["installed"] for each in engines):
                return True
            if left:
                time.sleep(_BETWEEN_TRIES)
        return False

    def rest(self) -> None:
        """Let callers go on asking."""
        while True:
            self._call({**_PHRASES, **_NEW})

    def _begins(self) -> None:
        """Put a first version in force, and let it improve by itself."""
        self._train(NAME, self._examples(_PHRASES), _JOB)
        path = f"/api/ai/models/{NAME}"
        if self._send("GET", path)["live"]["production"] is None:
            self._send("POST", f"{path}/promote", {"version": "1.0.0"})
        policies = self._send("GET", "/api/improvement/policies?limit=200")["items"]
        if all(each["model"] != NAME for each in policies):
            self._send("POST", "/api/improvement/policies", _POLICY)
            self.tell(
                f"{NAME} 1.0.0 answers. From now on half of the callers ask what it never saw."
            )

    def _improves(self) -> bool:
        """Let callers ask until a turn has brought a better version; False: none of a few did."""
        told: set[tuple[str, str]] = set()
        while True:
            turns = self._send("GET", f"/api/improvement/turns?model={NAME}")["items"][::-1]
            for turn in turns:
                if (turn["id"], turn["state"]) not in told:
                    told.add((turn["id"], turn["state"]))
                    self._tell_of(turn)
            if any(turn["state"] == "promoted" for turn in turns):
                return True
            if sum(turn["state"] in _OVER for turn in turns) >= _TURNS:
                return False
            self._call(_PHRASES if self._dice.random() < 0.5 else _NEW)

    def _tell_of(self, turn: Json) -> None:
        if turn["state"] not in _OVER:
            self.tell(f"{NAME} improves, {_word(turn)}: {turn['words']}")
            return
        self.tell(f"{NAME} improved by itself, and was {_word(turn)}: {turn['words']}")
        self.tell(f"The whole turn, step by step: {self.url}/improvement/turns/{turn['id']}")

    def _goes_back(self) -> Json:
        """Release a version that was trained on wrong labels, and let callers ask until it is gone."""
        released = self._released() or self._release_a_bad_one()
        while released["state"] not in _RELEASE_OVER:
            self._call({**_PHRASES, **_NEW})
            released = self._send("GET", f"/api/releases/{released['id']}")
        return released

    def _released(self) -> Json | None:
        listed = self._send("GET", f"/api/releases?name={NAME}&limit=200")["items"]
        return next((each for each in listed if each["reason"] == _BAD["reason"]), None)

    def _release_a_bad_one(self) -> Json:
        labels = sorted({**_PHRASES, **_NEW})
        turned = dict(zip(labels, labels[1:] + labels[:1], strict=True))
        wrong = [(asked, turned[label]) for asked, label in self._examples({**_PHRASES, **_NEW})]
        job = _JOB | {
            "data": {"dataset": WRONG, "split": _SPLIT},
            "gates": [_GATES | {"sliceDrop": 100, "minEffect": -100}],
        }
        version = self._train(WRONG, wrong, job)
        self.tell("Somebody releases a version that was trained on wrong labels.")
        return self._send("POST", "/api/releases", _BAD | {"version": version})

    def _train(self, dataset: str, examples: list[tuple[str, str]], job: Json) -> str:
        """Keep examples, learn from them, and return the id of the version."""
        run = self._trained_on(dataset) or self._start(dataset, examples, job)
        while run["state"] not in ("succeeded", "failed", "cancelled"):
            time.sleep(0.5)
            run = self._send("GET", f"/api/training/runs/{run['id']}")
        if run["state"] != "succeeded":
            raise Refused(f"the training {run['state']}: {run['error']}")
        return str(run["version"])

    def _trained_on(self, dataset: str) -> Json | None:
        listed = self._send("GET", f"/api/training/runs?model={NAME}&limit=200")["items"]
        usable = (each for each in listed if each["state"] not in ("failed", "cancelled"))
        return next(
            (each for each in usable if each["dataset"] and each["dataset"]["name"] == dataset),
            None,
        )

    def _start(self, dataset: str, examples: list[tuple[str, str]], job: Json) -> Json:
        wanted: Json = {"name": dataset, "kind": "intent"}
        if dataset == NAME:
            # Whoever corrects this model is trusted: it is a demo.
            wanted |= {"collects": [NAME], "trusted": ["*"]}
        if not self._has(f"/api/datasets/{dataset}"):
            self._send("POST", "/api/datasets", wanted)
        lines = "\n".join(json.dumps({"input": each[0], "output": each[1]}) for each in examples)
        path = f"/api/datasets/{dataset}/import?format=jsonl&status=validated"
        self._send("POST", path, lines)
        return self._send("POST", "/api/training/runs", job)

    def _examples(self, phrases: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
        return [
            (f"{before} {phrase} {after}".strip(), label)
            for label, listed in phrases.items()
            for before, phrase, after in itertools.product(_BEFORE, listed, _AFTER)
        ]

    def _call(self, phrases: dict[str, tuple[str, ...]]) -> None:
        """Ask one question as a new guest, and say whether the answer was right."""
        number = next(self._number)
        right = self._dice.choice(sorted(phrases))
        words = self._dice.choice(_BEFORE), self._dice.choice(phrases[right]), f"({number})"
        guest = f"guest-{number}"
        body = {"model": NAME, "input": " ".join(words), "user": guest}
        try:
            answer = self._send("POST", "/v1/classify", body)
        except Refused:
            time.sleep(self.pause)
            return
        given = answer["results"][0]["label"]
        said: Json = {
            "operationType": "classification",
            "operationId": answer["id"],
            "feedback": "positive" if given == right else "negative",
            "userId": guest,
        }
        if given != right:
            said["correctedCategory"] = right
        self._send("POST", "/api/ai/feedback", said)
        time.sleep(self.pause)

    def _has(self, path: str) -> bool:
        try:
            self._send("GET", path)
        except Refused:
            return False
        return True

    def _send(self, method: str, path: str, body: Json | str | None = None) -> Json:
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        data = None
        if body is not None:
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with _direct.open(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(f"{method} {path}: {error.read(500).decode()}") from error
