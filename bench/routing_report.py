"""Writes the figures of `bench/routing.py` as Markdown and JSON."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Result = dict[str, Any]

SAVED_BAR, APGR_BAR = 0.45, 0.66

HEAD = """# Learned routing on public outcomes

Written by `make bench-routing`. Every prompt was answered by a strong and by a weak model (GPT-4-1106 and Mixtral 8x7B:
MMLU {mmlu:,} prompts, GSM8K {gsm8k:,}; 60 % of what lm-sys/RouteLLM publishes, Apache-2.0) or by nine models
({nine:,} prompts of 14 tasks, ulab-uiuc/LLMRouter, MIT). Five folds by hash of the prompt, seed 7: what is said of
a prompt was learned without it, and predicted by the code that the server runs. Calibration and limits of trust come
from inside the training folds, and the strength of the penalties is what the trainer chose there when it was let to.

How the form of the predictor was found: ten configurations were looked at on these very folds first (words with
ridge and logistic regression, and the baselines), which set the direction: words and pairs of words, logistic
regression. About forty more (subwords, triples, skipped pairs, numbers made equal, signals of form and their
weight, 2^16 or 2^18 places, models learned apart or together, weight of the embedding) were compared by an inner
cross-validation on folds 1 to 4 only; fold 0 was not looked at again. Most differences among them are of the size
of the noise. In that first look words and pairs in a dictionary, not hashed, with a model for each and without
signals of form, had APGR .69: what is kept gives up a little for a fixed size, chances that come true and one pass.

Definitions: *saved* is the share of the strong model's cost that is saved while {kept:.0%} of its quality is kept, at
24.70 and 0.24 USD per million tokens, every call with the same tokens; *APGR* and *CPT* as in RouteLLM
(arXiv:2406.18665, section 3), .5 being chance; *ECE* over ten groups of equal size. *Saved* and *CPT* read the
best threshold off the test curve, as that paper does; the line "threshold fixed before" does not.
"""


def write(folder: Path, result: Result) -> None:
    """Write both files."""
    save(folder, result)
    lines = [
        HEAD.format(
            mmlu=result["mmlu"]["prompts"],
            gsm8k=result["gsm8k"]["prompts"],
            nine=result["nine"]["prompts"],
            kept=result["kept"],
        ),
        *bars(result["mmlu"]),
        *two_models("MMLU", result["mmlu"]),
        *calibration(result["mmlu"]),
        *two_models("GSM8K, learned from GSM8K", result["gsm8k"]),
        *trust(result),
        *nine_models(result["nine"]),
        *speed(result),
    ]
    (folder / "routing.md").write_text(
        "\n".join(lines).rstrip() + "\n", encoding="utf-8"
    )
    print((folder / "routing.md").read_text("utf-8"))


def save(folder: Path, result: Result) -> None:
    """Keep the figures that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "routing.json").write_text(
        json.dumps(rounded(result), indent=1) + "\n", encoding="utf-8"
    )


def rounded(value: Any) -> Any:
    """Keep five digits: more would be noise, and differ from run to run."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return (
        [rounded(each) for each in value] if isinstance(value, list | tuple) else value
    )


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Lay out a table."""
    names = list(head)
    lines = [names, ["---", *["--:"] * (len(names) - 1)], *map(list, rows)]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]


def bars(mmlu: Result) -> list[str]:
    """Put the figures beside what must be reached."""
    rows: list[list[str]] = []
    for name in mmlu["doubt"]:
        mean = mmlu["routers"][name]["mean"]
        for figure, bar in (("saved", SAVED_BAR), ("apgr", APGR_BAR)):
            verdict = "met" if mean[figure] >= bar else "MISSED"
            rows.append(
                [f"MMLU, {name}: {figure}", f"{mean[figure]:.3f}", f"{bar}", verdict]
            )
    return [
        "## What must be reached",
        "",
        *table(("figure", "mean of folds", "bar", ""), rows),
    ]


def two_models(title: str, part: Result) -> list[str]:
    """Lay out the routers of one task."""
    rows = [
        [
            name,
            f"{one['mean']['apgr']:.3f}",
            f"{min(each['apgr'] for each in one['folds']):.3f}–{max(each['apgr'] for each in one['folds']):.3f}",
            f"{one['pooled']['apgr']:.3f}",
            f"{one['mean']['saved']:.1%}",
            f"{one['pooled']['saved']:.1%}",
            f"{one['mean']['cpt50']:.1%}",
            f"{one['mean']['cpt80']:.1%}",
            ""
            if name == "random"
            else f"{one['fixed']['kept']:.1%} kept, {one['fixed']['saved']:.1%} saved",
        ]
        for name, one in part["routers"].items()
    ]
    head = (
        "router",
        "APGR",
        "folds",
        "pooled",
        "saved",
        "pooled",
        "CPT50",
        "CPT80",
        "threshold fixed before",
    )
    lines = [
        f"## {title}",
        "",
        f"Strong model {part['strong']:.3f}, weak model {part['weak']:.3f}. Means of five folds; *pooled*: all folds as one.",
        "",
        *table(head, rows),
    ]
    for name, (low, high) in part["doubt"].items():
        above = part.get("aboveNearest", {}).get(name)
        more = (
            f"; above the nearest neighbours by {above[0]:+.3f} to {above[1]:+.3f}"
            if above
            else ""
        )
        lines.append(
            f"- {name}: pooled APGR in 95 of 100 resamplings of the prompts {low:.3f} to {high:.3f}{more}."
        )
    return [*lines, ""]


def calibration(part: Result) -> list[str]:
    """Lay out the reliability tables."""
    lines = ["## Calibration on MMLU", ""]
    rows = [
        [
            f"{name}: {model}",
            f"{one['ece']:.3f}",
            f"{one['brier']:.4f}",
            f"{one['brierOfPrior']:.4f}",
        ]
        for name, models in part["calibration"].items()
        for model, one in models.items()
    ]
    lines += table(("predictor and model", "ECE", "Brier", "Brier of the prior"), rows)
    models = part["calibration"]["learned"]
    lines += [
        "Predicted → found, in ten groups of equal size (learned, without embedding):",
        "",
    ]
    groups = [
        [model, *(f"{said:.2f} → {was:.2f}" for said, was, _ in one["table"])]
        for model, one in models.items()
    ]
    return lines + table(("model", *map(str, range(1, 11))), groups)


def trust(result: Result) -> list[str]:
    """Lay out where a predictor may not be trusted."""
    rows = [["MMLU", "MMLU, held out", f"{result['mmlu']['prompts']:,}", f"{result['mmlu']['strangers']:.1%}",
             f"{result['mmlu']['doubted']:.1%}", f"{result['mmlu']['routers']['learned']['mean']['apgr']:.3f}"]]  # fmt: skip
    for source, part in (("MMLU", result["fromMmlu"]), ("GSM8K", result["fromGsm8k"])):
        rows += [
            [source, name, f"{one['prompts']:,}", f"{one['strangers']:.1%}", f"{one['doubted']:.1%}",
             f"{one['blindApgr']:.3f}" if "blindApgr" in one else ""]
            for name, one in part.items()
        ]  # fmt: skip
    left = result["unseenSubjects"]
    rows.append(["MMLU less a fifth of its subjects", "those subjects", f"{result['mmlu']['prompts']:,}",
                 f"{left['strangers']:.1%}", f"{left['doubted']:.1%}", f"{left['apgr']:.3f}"])  # fmt: skip
    head = (
        "learned from",
        "asked",
        "prompts",
        "fall back to the prior",
        "partly",
        "APGR if it were trusted",
    )
    return [
        "## Where it may not be trusted",
        "",
        "A prompt whose form or words are stranger than those of 99.5 % of held-out prompts gets the prior; from 95 % on",
        "the prediction is drawn towards it.",
        "",
        *table(head, rows),
    ]


def nine_models(part: Result) -> list[str]:
    """Lay out quality against price."""
    lines = [
        "## Nine models: quality against price",
        "",
        f"{part['prompts']:,} prompts; price in USD per million tokens, mean over calls; each prompt goes to the model with the best",
        f"*chance of a good answer − worth × price*. Best model for each prompt in hindsight: {part['oracle']:.3f}."
        f" ECE of the learned chances: {part['ece']:.3f}.",
        "",
    ]
    names = list(part["curves"])
    rows = [
        [
            f"{steps[0][0]:g}",
            *(f"{quality:.3f} at {price:.3f}" for _, quality, price in steps),
        ]
        for steps in zip(*part["curves"].values(), strict=True)
    ]
    lines += table(("worth of a dollar", *names), rows)
    models = sorted(part["models"].items(), key=lambda each: -each[1][0])
    return lines + table(
        ("always", "quality", "price"),
        [[n, f"{q:.3f}", f"{p:.2f}"] for n, (q, p) in models],
    )


def speed(result: Result) -> list[str]:
    """Lay out the times."""
    rows = [
        [name, f"{one['read']:.0f}", f"{one['two']:.0f}", f"{one['nine']:.0f}"]
        for name, one in result["cost"]["microseconds"].items()
    ]
    size = result["cost"]["bytes"]
    return [
        "## Time and size",
        "",
        f"Microseconds, median of 300 calls, Python {result['python']}; the machine was shared with other work.",
        f"An artifact takes {size['two'] / 1e6:.1f} MB for two models and {size['nine'] / 1e6:.1f} MB for nine.",
        "",
        *table(("prompt", "read", "predict, two models", "predict, nine models"), rows),
    ]
