"""The graph says what the maths says, one text or many, made anew or kept."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime

from hone_trainer.encoder import graph
from hone_trainer.encoder.store import Store, key

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


def test_the_graph_says_what_the_maths_says() -> None:
    known = weights()
    made = graph.build(known, graph.Shape(routing_encoder.HEADS))
    session = onnxruntime.InferenceSession(made, providers=["CPUExecutionProvider"])
    for size in (1, 5, 16):
        ids = np.arange(size, dtype=np.int64)[None] * 3 % WORDS
        (said,) = session.run(["pooled"], {"ids": ids})
        np.testing.assert_allclose(np.asarray(said), routing_encoder.forward(known, ids), atol=1e-5)


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
