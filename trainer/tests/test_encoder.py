"""The graph says what the maths says, one text or many, made anew or kept."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from hone_trainer.encoder import FILES, graph, opened
from hone_trainer.encoder.store import Store, key
from hone_trainer.errors import ArtifactDamaged

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
import routing_encoder  # pyright: ignore[reportMissingImports]  # the maths, written apart

WIDTH, WORDS = 24, 50


def weights() -> dict[str, np.ndarray]:
    dice = np.random.default_rng(3)

    def made(*shape: int) -> np.ndarray:
        return dice.normal(0, 0.3, shape).astype(np.float32)

    found = {
        "embeddings.word_embeddings.weight": made(WORDS, WIDTH),
        "embeddings.position_embeddings.weight": made(16, WIDTH),
        "embeddings.token_type_embeddings.weight": made(2, WIDTH),
        "embeddings.LayerNorm.weight": 1 + made(WIDTH),
        "embeddings.LayerNorm.bias": made(WIDTH),
    }
    for number in range(routing_encoder.LAYERS):
        layer = f"encoder.layer.{number}"
        dense = {
            **{f"attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")},
            "attention.output.dense": (WIDTH, WIDTH),
            "intermediate.dense": (2 * WIDTH, WIDTH),
            "output.dense": (WIDTH, 2 * WIDTH),
        }
        for name, shape in dense.items():
            found[f"{layer}.{name}.weight"] = made(*shape)
            found[f"{layer}.{name}.bias"] = made(shape[0])
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            found[f"{layer}.{name}.weight"] = 1 + made(WIDTH)
            found[f"{layer}.{name}.bias"] = made(WIDTH)
    return found


def test_the_graph_says_what_the_maths_says_but_for_rounding() -> None:
    known = weights()
    made = graph.build(known, graph.Shape(routing_encoder.HEADS))
    session = onnxruntime.InferenceSession(made, providers=["CPUExecutionProvider"])
    for size in (1, 5, 16):
        ids = np.arange(size, dtype=np.int64)[None] * 3 % WORDS
        (said,) = session.run(["pooled"], {"ids": ids})
        right = routing_encoder.forward(known, ids)
        assert float((np.asarray(said) * right).sum()) > 0.995
        # A layer that is left out, or two that are exchanged, would be seen.
        wrong = routing_encoder.forward(swapped(known), ids)
        assert float((np.asarray(said) * wrong).sum()) < 0.98


def swapped(known: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Exchange what a layer asks and what it answers."""
    one, two = (f"encoder.layer.1.attention.self.{part}.weight" for part in ("query", "value"))
    return known | {one: known[two], two: known[one]}


def test_what_is_rounded_is_near_and_fits_into_seven_bits() -> None:
    exact = np.random.default_rng(4).normal(0, 1, (20, 30)).astype(np.float32)
    exact[3] = 0
    small, scales = graph.narrowed(exact, graph.MOST)
    assert (small.dtype, int(np.abs(small).max())) == (np.int8, graph.MOST)
    # Two products with eight bits are added in sixteen by some processors.
    assert 2 * 255 * graph.MOST < 1 << 15
    np.testing.assert_allclose(small * scales[:, None], exact, atol=float(scales.max()) / 2 + 1e-6)


def test_models_of_one_encoder_have_it_in_memory_once(tmp_path: Path) -> None:
    made = graph.build(weights(), graph.Shape(routing_encoder.HEADS))
    tokenizer = Tokenizer(WordLevel({"hello": 1})).to_str()
    folders = [tmp_path / name for name in ("one", "two", "damaged")]
    files = {name: {"sha256": name, "size": 1} for name in FILES}
    for folder in folders:
        folder.mkdir()
        (folder / "encoder.onnx").write_bytes(made if folder.name != "damaged" else b"no graph")
        (folder / "tokenizer.json").write_text(tokenizer)
    one = opened(folders[0], files)
    assert opened(folders[1], files) is one
    assert one.encode("hello").shape == (WIDTH,)
    with pytest.raises(ArtifactDamaged):
        opened(folders[2], files | {"encoder.onnx": {"sha256": "another", "size": 1}})


def test_what_was_written_half_is_written_anew(tmp_path: Path) -> None:
    store = Store(tmp_path / "embeddings.bin", 3)
    keys = [key("one"), key("two"), key("ends with nothing")]
    rows = np.arange(9, dtype=np.float32).reshape(3, 3)
    store.add(keys[:1], rows[:1])
    with store.path.open("ab") as file:
        file.write(b"killed here")
    store.add(keys[1:], rows[1:])
    found = store.read(set(keys))
    for each, row in zip(keys, rows, strict=True):
        np.testing.assert_array_equal(found[each], row)
    assert store.read({key("three")}) == {}
