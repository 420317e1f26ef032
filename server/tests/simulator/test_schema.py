from enum import Enum
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.simulator.schema import example


class Meal(Enum):
    MEAT = "meat"
    VEGAN = "vegan"


class Guest(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(min_length=12, max_length=20)]
    meal: Meal
    side: Literal["left", "right"]
    plus: "Guest | None" = None


class Booking(msgspec.Struct):
    guests: Annotated[list[Guest], msgspec.Meta(min_length=2, max_length=3)]
    seats: Annotated[int, msgspec.Meta(ge=20, lt=140)]
    fee: Annotated[float, msgspec.Meta(gt=0.5)]
    tables: Annotated[int, msgspec.Meta(multiple_of=8, le=-3)]
    outdoors: bool
    notes: list[Annotated[str, msgspec.Meta(max_length=2)]]
    nothing: None
    either: int | str
    extra: dict[str, int]


@given(st.integers(0, 2**128 - 1))
def test_an_example_follows_its_schema(seed: int):
    value = example(msgspec.json.schema(Booking), seed)
    msgspec.convert(value, Booking)
    assert value == example(msgspec.json.schema(Booking), seed)


def test_all_of_joins_its_parts():
    left = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    right = {"properties": {"b": {"const": "x"}}, "required": ["b"]}
    assert example({"allOf": [left, right]}, 0) == {"a": 0, "b": "x"}


def test_formats_and_lists_of_types_are_known():
    assert example({"type": ["null", "string"], "format": "date"}, 3) == "2027-06-19"
    assert example({"type": ["null"]}, 3) is None


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"$ref": "#"},
        {"$ref": "#/$defs/none"},
        {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]},
        {"type": 5, "enum": [], "anyOf": {}},
        {"type": "array", "minItems": 10**9, "items": {"type": "integer"}},
        {"type": "string", "minLength": 10**12},
    ],
)
def test_a_strange_schema_ends(schema: dict[str, object]):
    assert msgspec.json.encode(example(schema, 1))
