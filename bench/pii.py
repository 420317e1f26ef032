"""Measure how much personal data is found, by type: precision and recall on texts with marked spans.

Reads Presidio's generated sentences from `DATA` (`../shared/data`), which is not part of this repository.
A span counts as found when something of the same kind overlaps it. Run it with `make bench-pii`; it
writes `bench/out/pii.md` and never fails because a figure is low.
"""

import gzip
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from hone.datasets import pii

OUT = Path(__file__).parent / "out" / "pii.md"
DATA = Path(os.environ.get("DATA", "../shared/data"))
KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "US_SSN": "national_id",
}
"""What has a form; of the others (persons, places, dates) nothing is claimed."""


def measure(samples: list[dict[str, Any]]) -> str:
    """Count what was found, missed and made up."""
    hit: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for sample in samples:
        found = pii.find(sample["full_text"])
        used: set[int] = set()
        for span in sample["spans"]:
            kind = KINDS.get(span["entity_type"])
            if kind is None:
                other[span["entity_type"]] += 1
                continue
            over = [
                number
                for number, each in enumerate(found)
                if each.kind == kind
                and each.start < span["end_position"]
                and span["start_position"] < each.end
            ]
            used |= set(over)
            (hit if over else missed)[kind] += 1
        for number, each in enumerate(found):
            if number not in used:
                wrong[each.kind] += 1
    lines = [
        f"# Personal data in {len(samples):,} generated sentences",
        "",
        "| kind | spans | precision | recall |",
        "|---|---|---|---|",
    ]
    for kind in pii.MASKS:
        there = hit[kind] + missed[kind]
        claimed = hit[kind] + wrong[kind]
        precision = f"{hit[kind] / claimed:.3f}" if claimed else "-"
        recall = f"{hit[kind] / there:.3f}" if there else "-"
        lines.append(f"| {kind} | {there} | {precision} | {recall} |")
    listed = ", ".join(f"{name} {number:,}" for name, number in other.most_common())
    lines += ["", f"Not looked for: {listed}.", ""]
    return "\n".join(lines)


def main() -> None:
    """Measure and write the report."""
    path = DATA / "safety" / "presidio_generated_large.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        written = measure(json.load(file))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(written, "utf-8")
    sys.stdout.write(written)


if __name__ == "__main__":
    main()
