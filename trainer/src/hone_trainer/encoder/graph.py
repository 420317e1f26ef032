"""A BERT encoder as an ONNX graph, made from its weights without the framework that trained it.

One text at a time and without padding: then a text's numbers depend on nothing but the text, and what
was learned from is to the byte what is served. Out comes the mean over tokens, of length one.
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
        name = f"{kind.lower()}_{len(self.nodes)}"
        node = helper.make_node(kind, list(inputs), [name], name=name)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in settings.items())
        self.nodes.append(node)
        return name

    def constant(self, name: str, value: NDArray[Any]) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def dense(self, state: str, name: str) -> str:
        turned = self.constant(f"{name}.turned", self.weights[f"{name}.weight"].T)
        return self.node("Add", [self.node("MatMul", [state, turned]), self.weight(f"{name}.bias")])

    def norm(self, state: str, name: str, epsilon: float) -> str:
        scale = [state, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.node("LayerNormalization", scale, axis=-1, epsilon=epsilon)


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
    words = graph.node("Gather", [graph.weight("embeddings.word_embeddings.weight"), "ids"])
    size = graph.node("Shape", ["ids"], start=1, end=2)
    start, axis = (graph.constant("zero", np.array([0])), graph.constant("axis", np.array([0])))
    seen = graph.node("Slice", [graph.constant("places", placed), start, size, axis])
    return graph.norm(graph.node("Add", [words, seen]), "embeddings.LayerNorm", shape.epsilon)


def _layer(graph: _Graph, state: str, layer: str, shape: Shape) -> str:
    width = graph.weights[f"{layer}.attention.self.query.bias"].shape[0]
    parts = graph.constant("parts", np.array([0, 0, shape.heads, width // shape.heads]))

    def split(name: str, order: Sequence[int]) -> str:
        apart = graph.node("Reshape", [graph.dense(state, f"{layer}.attention.self.{name}"), parts])
        return graph.node("Transpose", [apart], perm=list(order))

    query, key, value = split("query", (0, 2, 1, 3)), split("key", (0, 2, 3, 1)), ""
    value = split("value", (0, 2, 1, 3))
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
