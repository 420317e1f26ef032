"""What the page about folders prints is what the trainer reads."""

import json
import re
from pathlib import Path

from hone_trainer import data, engines
from hone_trainer import spec as specs

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "train-in-a-folder.md"


def test_what_the_page_prints_is_read(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    example, spec, params = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "data.jsonl").write_text(example, encoding="utf-8")
    (tmp_path / "spec.json").write_text(spec, encoding="utf-8")
    assert data.read(tmp_path / "data.jsonl").counts() == {"train": 1, "validation": 0, "test": 0}
    asked = specs.read(tmp_path / "spec.json")
    about = engines.chosen(asked.engine, asked.task, asked.params).ENGINE
    settled = engines.settled(about, json.loads(params))
    assert settled["earlyStopping"] == {"patience": 4, "minDelta": 0.0005}
    for name, own in about.aliases.items():
        assert own in about.params["properties"], name


def test_every_engine_says_what_it_takes() -> None:
    for about in engines.catalogue():
        assert about["tasks"]
        assert about["words"].endswith(".")
        assert about["installed"] or about["install"]
        assert set(about["defaults"]) == set(about["params"]["properties"])
