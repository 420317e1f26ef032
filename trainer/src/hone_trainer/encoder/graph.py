"""A BERT encoder as an ONNX graph of small whole numbers, made from its weights without what trained it.

One text at a time and without padding: then a text's numbers depend on nothing but the text, and what
was learned from is to the byte what is served. Out comes the mean over tokens, of length one.

Weights are whole numbers of seven bits with a scale for each column, words of eight with a scale for each: a
quarter of the memory, and several times as fast. What is multiplied with them is rounded to eight bits as it comes up,
with one scale for the text. Seven bits, because two products of eight and seven fit into the sixteen bits
in which some processors add them: all make the same sums.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Floats = NDArray[np.float32]
OPSET: Final = 20
"""The first one with Gelu."""
FORMAT: Final = 9
MOST: Final = 63
"""The greatest weight."""
MOST_OF_WORDS: Final = 127
"""Words are not multiplied with anything small."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the weights do not say of themselves."""

    heads: int
    epsilon: float = 1e-12


class _Graph:
    """Nodes and constants as they come up."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def node(self, kind: str, inputs: Sequence[str], **settings: object) -> str:
        return self.several(1, kind, inputs, **settings)[0]

    def several(
        self, count: int, kind: str, inputs: Sequence[str], **settings: object
    ) -> Sequence[str]:
        """Add a node of which several things come out."""
        name = f"{kind.lower()}_{len(self.nodes)}"
        made = [name, *(f"{name}.{number}" for number in range(1, count))]
        node = helper.make_node(kind, list(inputs), made, name=name)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in settings.items())
        self.nodes.append(node)
        return made

    def constant(self, name: str, value: NDArray[Any]) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def dense(self, state: str, *names: str) -> str:
        """Multiply with the weights of one or more layers side by side."""
        weights = np.concatenate([self.weights[f"{name}.weight"] for name in names])
        bias = np.concatenate([self.weights[f"{name}.bias"] for name in names])
        small, scales = narrowed(weights, MOST)
        rounded, scale, zero = self.several(3, "DynamicQuantizeLinear", [state])
        inputs = [rounded, self.constant(f"{names[0]}.small", small.T), zero]
        sums = self.node("Cast", [self.node("MatMulInteger", inputs)], to=TensorProto.FLOAT)
        scaled = self.node("Mul", [scale, self.constant(f"{names[0]}.scales", scales)])
        found = self.node("Mul", [sums, scaled])
        return self.node("Add", [found, self.constant(f"{names[0]}.biases", bias)])

    def norm(self, state: str, name: str, epsilon: float) -> str:
        scale = [state, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.node("LayerNormalization", scale, axis=-1, epsilon=epsilon)


def narrowed(weights: Floats, most: int) -> tuple[NDArray[np.int8], Floats]:
    """Return weights as whole numbers, and what each row of them is to be multiplied with."""
    scales = np.maximum(np.abs(weights).max(axis=1), np.float32(1e-9)) / np.float32(most)
    return np.rint(weights / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def depth(weights: Mapping[str, Floats]) -> int:
    """Return how many layers there are."""
    return len({name.split(".")[2] for name in weights if name.startswith("encoder.layer.")})


def build(weights: Mapping[str, Floats], shape: Shape) -> bytes:
    """Make the graph: `ids` of one text in, `pooled` out."""
    graph = _Graph(weights)
    state = _embedded(graph, shape)
    for number in range(depth(weights)):
        state = _layer(graph, state, f"encoder.layer.{number}", shape)
    graph.nodes.append(helper.make_node("Identity", [_pooled(graph, state)], ["pooled"]))
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("pooled", TensorProto.FLOAT, [1, "width"])],
            list(graph.constants.values()),
        ),
        producer_name="hone",
        ir_version=FORMAT,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
    return model.SerializeToString(deterministic=True)


def _embedded(graph: _Graph, shape: Shape) -> str:
    """Look up words and places; the token's type is always the first."""
    places = graph.weights["embeddings.position_embeddings.weight"]
    placed = places + graph.weights["embeddings.token_type_embeddings.weight"][0]
    small, scales = narrowed(graph.weights["embeddings.word_embeddings.weight"], MOST_OF_WORDS)
    words = graph.node("Gather", [graph.constant("words", small), "ids"])
    words = graph.node("Cast", [words], to=TensorProto.FLOAT)
    scale = graph.node("Gather", [graph.constant("words.scales", scales[:, None]), "ids"])
    words = graph.node("Mul", [words, scale])
    size = graph.node("Shape", ["ids"], start=1, end=2)
    start, axis = (graph.constant("zero", np.array([0])), graph.constant("axis", np.array([0])))
    seen = graph.node("Slice", [graph.constant("places", placed), start, size, axis])
    return graph.norm(graph.node("Add", [words, seen]), "embeddings.LayerNorm", shape.epsilon)


def _layer(graph: _Graph, state: str, layer: str, shape: Shape) -> str:
    width = graph.weights[f"{layer}.attention.self.query.bias"].shape[0]
    parts = graph.constant("parts", np.array([0, 0, shape.heads, width // shape.heads]))

    names = [f"{layer}.attention.self.{name}" for name in ("query", "key", "value")]
    whole = graph.dense(state, *names)
    query, key, value = (
        graph.node("Transpose", [graph.node("Reshape", [own, parts])], perm=order)
        for own, order in zip(
            graph.several(3, "Split", [whole], axis=2, num_outputs=3),
            ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]),
            strict=True,
        )
    )
    root = graph.constant("root", np.array(np.sqrt(width // shape.heads), np.float32))
    scores = graph.node("Div", [graph.node("MatMul", [query, key]), root])
    seen = graph.node("MatMul", [graph.node("Softmax", [scores], axis=-1), value])
    seen = graph.node("Transpose", [seen], perm=[0, 2, 1, 3])
    seen = graph.node("Reshape", [seen, graph.constant("whole", np.array([0, 0, width]))])
    seen = graph.dense(seen, f"{layer}.attention.output.dense")
    state = graph.norm(
        graph.node("Add", [seen, state]), f"{layer}.attention.output.LayerNorm", shape.epsilon
    )
    wide = graph.node("Gelu", [graph.dense(state, f"{layer}.intermediate.dense")])
    wide = graph.node("Add", [graph.dense(wide, f"{layer}.output.dense"), state])
    return graph.norm(wide, f"{layer}.output.LayerNorm", shape.epsilon)


def _pooled(graph: _Graph, state: str) -> str:
    tokens = graph.constant("tokens", np.array([1]))
    mean = graph.node("ReduceMean", [state, tokens], keepdims=0)
    return graph.node("LpNormalization", [mean], axis=-1, p=2)
