"""A strict reader of Prometheus' text format 0.0.4, written from its specification."""

import re
from dataclasses import dataclass, field

_SAMPLE = re.compile(
    r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
    r"(?:\{(?P<labels>(?:[^\"]|\"(?:[^\"\\]|\\.)*\")*)\})?"
    r" (?P<value>[^ ]+)"
)
_LABEL = re.compile(r"([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\n]|\\[\\n\"])*)\"(?:,|$)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"\\": "\\", "n": "\n", '"': '"'}

Sample = tuple[str, frozenset[tuple[str, str]]]


@dataclass
class Family:
    """What one HELP and TYPE stand over."""

    name: str
    help: str
    kind: str = ""
    samples: dict[Sample, float] = field(default_factory=dict[Sample, float])

    def value(self, name: str | None = None, **labels: str) -> float:
        """Return one sample."""
        return self.samples[name or self.name, frozenset(labels.items())]


def parse(page: str) -> dict[str, Family]:
    """Read a page, or fail."""
    families: dict[str, Family] = {}
    family: Family | None = None
    assert not page or page.endswith("\n"), "the last line must end with a line feed"
    for line in page.split("\n")[:-1]:
        if line.startswith("# HELP "):
            name, _, text = line.removeprefix("# HELP ").partition(" ")
            assert name not in families, f"{name} is described twice"
            family = families[name] = Family(name, _unescape(text))
        elif line.startswith("# TYPE "):
            name, kind = line.removeprefix("# TYPE ").split(" ")
            assert family is not None
            assert family.name == name
            assert not family.samples
            assert kind in {"counter", "gauge", "histogram"}
            family.kind = kind
        else:
            assert family is not None
            assert family.kind
            _take(family, line)
    return families


def _take(family: Family, line: str) -> None:
    sample = _SAMPLE.fullmatch(line)
    assert sample is not None, line
    suffixes = ("_bucket", "_sum", "_count") if family.kind == "histogram" else ("",)
    assert sample["name"] in {family.name + suffix for suffix in suffixes}
    labels = _labels(sample["labels"] or "")
    key = sample["name"], frozenset(labels.items())
    assert key not in family.samples, f"{line}: this series comes twice"
    family.samples[key] = float(sample["value"])


def _labels(text: str) -> dict[str, str]:
    labels: dict[str, str] = {}
    at = 0
    while at < len(text):
        label = _LABEL.match(text, at)
        assert label is not None, text
        assert label[1] not in labels
        labels[label[1]] = _unescape(label[2])
        at = label.end()
    return labels


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda escape: _ESCAPES[escape[1]], text)
