"""A small set of intents to learn from, made of phrases and fillers."""

import json
from collections.abc import Iterator
from typing import Any

PHRASES = {
    "billing": (
        "my card was declined",
        "charge me twice",
        "refund the invoice",
        "the bill is wrong",
    ),
    "access": (
        "cannot sign in",
        "reset my password",
        "the login fails",
        "locked out of my account",
    ),
    "shipping": ("where is my parcel", "the delivery is late", "track the order", "ship it faster"),
}
FILLERS = (
    "please help,", "hello,", "since yesterday", "again", "it seems that", "urgent:", "I think",
    "for the third time", "on my phone", "today",
)  # fmt: skip


def rows(each: int = 30) -> Iterator[dict[str, str]]:
    """Yield so many examples of each intent."""
    for label, phrases in PHRASES.items():
        for number in range(each):
            phrase = phrases[number % len(phrases)]
            first = FILLERS[number % len(FILLERS)]
            last = FILLERS[(number // 3 + 4) % len(FILLERS)]
            yield {"input": f"{first} {phrase} {last} {number}", "output": label}


def lines(each: int = 30) -> bytes:
    """Write them as JSON lines, validated."""
    made = [{**row, "status": "validated"} for row in rows(each)]
    return b"".join(json.dumps(row).encode() + b"\n" for row in made)


def conversations(each: int = 30) -> dict[str, Any]:
    """Write them as conversations, each with what an expert says of it."""
    listed = list(enumerate(rows(each)))
    said = [{"role": "customer", "text": row["input"]} for _, row in listed]
    return {
        "conversationLogs": [{"id": f"c{n}", "messages": [one]} for n, one in enumerate(said)],
        "expertAnnotations": [
            {"conversation": f"c{number}", "label": row["output"]} for number, row in listed
        ],
    }
