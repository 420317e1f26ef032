"""Build the catalogue of models: `python -m tools.build_catalogue CANDIDATES.json DATE OUT.json`.

CANDIDATES holds facts of two public tables side by side: LiteLLM's price table and genai-prices,
both under the MIT licence. Where they state different prices the entry is marked and keeps both.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

SOURCES = [
    {"name": "LiteLLM price table", "version": "1.109.1", "licence": "MIT"},
    {"name": "genai-prices", "version": "0.2.3", "licence": "MIT"},
]
# The first table's names of vendors, where ours differ.
KINDS = {
    "together_ai": "together",
    "cohere_chat": "cohere",
    "gemini": "google",
    "meta_llama": "meta",
}
# Dated names that both sources' vendor lists as the same snapshot, at the same price and retirement.
ALIASES = {
    "gpt-4-0613": "gpt-4",
    "gpt-4-turbo-2024-04-09": "gpt-4-turbo",
    "gpt-5-2025-08-07": "gpt-5",
    "gpt-5-mini-2025-08-07": "gpt-5-mini",
    "gpt-5-nano-2025-08-07": "gpt-5-nano",
    "gpt-5.1-2025-11-13": "gpt-5.1",
    "gpt-5.2-2025-12-11": "gpt-5.2",
    "o3-2025-04-16": "o3",
    "o4-mini-2025-04-16": "o4-mini",
}


def price(value: float | None) -> str | None:
    """Write USD per million tokens exactly; refuse what six decimals cannot hold."""
    if value is None:
        return None
    exact = Decimal(str(value))
    rounded = exact.quantize(Decimal("0.000001"))
    if abs(exact - rounded) > Decimal("1e-9"):
        raise SystemExit(f"{value} has more than six decimals")
    return f"{rounded:f}".rstrip("0").rstrip(".")


def confidence(found: dict[str, Any]) -> str:
    """Tell how sure a price is."""
    if found["in_usd_mtok"] is None and found["out_usd_mtok"] is None:
        return "unpriced"
    return {True: "agreed", False: "disputed"}.get(found["agree"], "single")


def compared(found: dict[str, Any]) -> dict[str, object] | None:
    """Keep what the second source says."""
    other = found["genai_prices"]
    if other is None or (other["inp"] is None and other["out"] is None):
        return None
    return {
        "id": other["id"],
        "context": other["ctx"],
        "input": price(other["inp"]),
        "output": price(other["out"]),
    }


def entry(found: dict[str, Any]) -> dict[str, object]:
    """Turn one candidate into an entry."""
    vendor = found["provider"]
    return {
        "id": found["id"].removeprefix(f"{vendor}/"),
        "family": found["family"],
        "provider": KINDS.get(vendor, vendor),
        "mode": found["mode"],
        "context": found["context"],
        "maxOutput": found["max_output"],
        "input": price(found["in_usd_mtok"]),
        "output": price(found["out_usd_mtok"]),
        "cachedInput": price(found["cache_read_usd_mtok"]),
        # A zero says that nothing is added for it, not that such input is free.
        "cacheWrite": price(found["cache_write_usd_mtok"] or None),
        "cacheWriteHour": price(found.get("cache_write_1h_usd_mtok") or None),
        "confidence": confidence(found),
        "compared": compared(found),
        "source": found["source"],
        "retires": found["deprecation"],
        "tools": found["tools"],
        "vision": found["vision"],
        "reasoning": found["reasoning"],
    }


def build(candidates: list[dict[str, Any]], as_of: str) -> dict[str, object]:
    """Build the whole file."""
    models = sorted((entry(each) for each in candidates), key=lambda each: str(each["id"]))
    known = {each["id"] for each in models}
    if len(known) != len(models):
        raise SystemExit("two candidates share an id")
    aliases = {name: of for name, of in ALIASES.items() if of in known and name not in known}
    return {"asOf": as_of, "sources": SOURCES, "aliases": aliases, "models": models}


def write(document: dict[str, Any]) -> str:
    """Write one line for each model, so that a change reads well in a diff."""
    models = document.pop("models")
    head = json.dumps(document, indent=1)[:-2]
    lines = ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for each in models)
    return f'{head},\n "models": [\n{lines}\n ]\n}}\n'


def main(arguments: list[str]) -> None:
    """Read, build, write."""
    source, as_of, target = arguments
    candidates = json.loads(Path(source).read_text("utf-8"))["models"]
    Path(target).write_text(write(build(candidates, as_of)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
