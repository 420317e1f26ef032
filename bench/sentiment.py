"""How far the sentiment of comments can be trusted: rank correlation with what people and judges rated.

    python bench/sentiment.py [--data ../shared/data]

AB-ReDial: people rated whole dialogues of two bots and wrote why. WildBench: a judge model scored
answers from 1 to 10 and listed strengths and weaknesses. Spearman's rho with a 95 % interval by
bootstrap over what was rated; nothing of these sets was used to choose words or weights.
"""

import argparse
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

from hone.feedback.sentiment import read

ROUNDS = 500


def ranks(values: list[float]) -> list[float]:
    """Rank, with the mean rank for ties."""
    order = sorted(range(len(values)), key=values.__getitem__)
    made = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in range(start, end + 1):
            made[order[place]] = (start + end) / 2
        start = end + 1
    return made


def spearman(pairs: list[tuple[float, float]]) -> float:
    """Correlate the ranks of pairs."""
    one, other = ranks([a for a, _ in pairs]), ranks([b for _, b in pairs])
    mean = (len(pairs) - 1) / 2
    above = sum((a - mean) * (b - mean) for a, b in zip(one, other, strict=True))
    below = (sum((a - mean) ** 2 for a in one) * sum((b - mean) ** 2 for b in other)) ** 0.5
    return above / below if below else 0.0


def told(name: str, pairs: list[tuple[float, float]]) -> str:
    """Say a correlation with its interval."""
    chance = random.Random(7)
    drawn = sorted(
        spearman([pairs[chance.randrange(len(pairs))] for _ in pairs]) for _ in range(ROUNDS)
    )
    low, high = drawn[int(ROUNDS * 0.025)], drawn[int(ROUNDS * 0.975)]
    neutral = sum(1 for _, score in pairs if score == 0) / len(pairs)
    return (
        f"{name}: rho {spearman(pairs):.3f} ({low:.3f} to {high:.3f}), n = {len(pairs)},"
        f" {neutral:.0%} without a word that is known"
    )


def lines(path: Path) -> Iterator[dict[str, object]]:
    """Read JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def number(value: object) -> float:
    """Read a rating."""
    assert isinstance(value, (int, float))
    return float(value)


def redial(folder: Path) -> list[tuple[float, float]]:
    """Pair each overall rating with the sentiment of the reason that was given."""
    return [
        (number(row["overall"]), read(str(row["comment"])).score)
        for row in lines(folder / "ab_redial_dialogues.jsonl.gz")
        if row.get("comment") and row.get("overall") is not None
    ]


def wildbench(folder: Path) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Pair scores with both comments together, and tell strengths from weaknesses one by one."""
    both: list[tuple[float, float]] = []
    sides: list[tuple[float, float]] = []
    for row in lines(folder / "wildbench_judge_comments.jsonl.gz"):
        strengths, weaknesses = str(row.get("strengths") or ""), str(row.get("weaknesses") or "")
        if not strengths.strip() or not weaknesses.strip() or row.get("score") is None:
            continue
        both.append((number(row["score"]), read(f"{strengths}\n{weaknesses}").score))
        sides += [(1.0, read(strengths).score), (0.0, read(weaknesses).score)]
    return both, sides


def area(pairs: list[tuple[float, float]]) -> float:
    """Tell how often a strength sounds better than a weakness (the area under the curve)."""
    placed = ranks([score for _, score in pairs])
    good = [rank for rank, (kind, _) in zip(placed, pairs, strict=True) if kind]
    bad = len(pairs) - len(good)
    return (sum(good) - len(good) * (len(good) - 1) / 2) / (len(good) * bad)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    folder = parser.parse_args().data / "feedback"
    print(told("AB-ReDial, overall rating and its reason", redial(folder)))
    both, sides = wildbench(folder)
    print(told("WildBench, score and both comments", both))
    print(f"WildBench, strengths against weaknesses: AUC {area(sides):.3f}, n = {len(sides)}")


if __name__ == "__main__":
    main()
