import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.simulator.behaviours import DEFAULT, PRESETS, Behaviour, Fault, Flap, Limit
from hone.simulator.grammar import KEYS, NotABehaviour, parse, write

models = st.text(min_size=1).filter(lambda text: "#" not in text)
milliseconds = st.one_of(st.integers(0, 3_600_000), st.decimals(0, 1000, places=3).map(float))
counts = st.integers(0, 1_000_000)
spans = st.decimals("0.001", 1000, places=3).map(float)


@st.composite
def behaviours(draw: st.DrawFn) -> Behaviour:
    settings: dict[str, object] = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "head_ms": milliseconds,
                "ttft_ms": milliseconds,
                "per_token_ms": milliseconds,
                "output_tokens": st.integers(1, 1_000_000),
                "cached_tokens": counts,
                "reasoning_tokens": counts,
                "context_tokens": counts,
                "echo": st.booleans(),
                "call_tool": st.booleans(),
                "prefill": st.booleans(),
                "burst": counts,
                "times": st.integers(1, 1000),
                "rate": st.builds(
                    Limit,
                    requests=st.integers(0, 1000),
                    per_seconds=st.decimals("0.001", 1000, places=3).map(float),
                ),
            },
        )
    )
    kind = draw(st.sampled_from(["fault", "status", "none"]))
    if kind == "fault":
        settings["fault"] = fault = draw(st.sampled_from(Fault))
        if fault not in {Fault.SILENCE, Fault.CONTEXT_LENGTH}:
            settings["after_tokens"] = draw(st.none() | counts)
        if fault == Fault.STALL:
            settings["stall_ms"] = draw(st.none() | milliseconds)
    if kind == "status":
        settings["status"] = draw(st.integers(400, 599))
        settings["code"] = draw(st.none() | st.from_regex(r"[a-z0-9_]{1,20}", fullmatch=True))
        settings["retry_after"] = draw(st.none() | st.integers(0, 86_400))
    if kind != "none":
        settings["flap"] = draw(st.none() | st.builds(Flap, fail_seconds=spans, well_seconds=spans))
    return Behaviour(**settings)  # pyright: ignore[reportArgumentType]


@given(models, behaviours())
def test_what_is_written_is_read_back(model: str, behaviour: Behaviour):
    assert parse(write(model, behaviour)) == (model, behaviour)


@given(st.text())
def test_any_name_is_read_or_refused(name: str):
    try:
        model, behaviour = parse(name)
    except NotABehaviour:
        return
    assert name.startswith(model)
    assert "#" in name or behaviour == DEFAULT


@given(models, st.lists(st.sampled_from(sorted(KEYS)), min_size=1), st.text(max_size=6))
def test_any_settings_are_read_or_refused(model: str, keys: list[str], value: str):
    name = f"{model}#{','.join(f'{key}={value}' for key in keys)}"
    try:
        read, _ = parse(name)
    except NotABehaviour:
        return
    assert read == model


def test_the_examples_mean_what_they_say():
    cut = Behaviour(ttft_ms=200, fault=Fault.CUT, after_tokens=40)
    assert parse("any-model#ttft=200,fault=cut,after=40") == ("any-model", cut)
    refused = Behaviour(status=503, retry_after=2, times=1)
    assert parse("gpt-4o#status=503,retry=2,times=1") == ("gpt-4o", refused)
    assert parse("m#rate=3/60")[1].rate == Limit(requests=3, per_seconds=60)
    flapping = Behaviour(status=503, flap=Flap(fail_seconds=5, well_seconds=0.5))
    assert parse("m#status=503,flap=5/0.5")[1] == flapping
    assert parse("m#prefill=0,call=1")[1] == Behaviour(prefill=False, call_tool=True)


def test_settings_in_a_name_come_on_top_of_the_preset():
    _, behaviour = parse("sim-slow#pace=1", PRESETS["sim-slow"])
    assert (behaviour.ttft_ms, behaviour.per_token_ms) == (600, 1)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("", "before the '#'"),
        ("#ttft=1", "before the '#'"),
        ("m#", "key=value"),
        ("m#ttft", "key=value"),
        ("m#ttft=", "key=value"),
        ("m#ttft=1,,pace=2", "key=value"),
        ("m#speed=1", "key=value"),
        ("m#ttft=1,ttft=2", "given twice"),
        ("m#ttft=-1", "Expected `float`"),
        ("m#ttft=soon", "Expected `float`"),
        ("m#ttft=1e3", "Expected `float`"),
        ("m#ttft=99999999", "<= 3600000"),
        ("m#tokens=1.5", "Expected `int"),
        ("m#fault=explode", "Invalid enum value 'explode'"),
        ("m#status=200", ">= 400"),
        ("m#rate=3", "Expected `object"),
        ("m#rate=3/0", "> 0"),
        ("m#rate=1.5/3", "Expected `int"),
        ("m#echo=yes", "Expected `bool`"),
        ("m#flap=1/2", "flap needs a fault or a status"),
        ("m#status=500,flap=0/2", "> 0"),
        ("m#context=1/2", "Expected `int"),
        ("m#status=500,fault=cut", "either status or fault"),
        ("m#code=x", "code needs a status"),
        ("m#retry=1", "retryAfter needs a status"),
        ("m#stall=1", "stallMs needs fault stall"),
        ("m#after=1", "afterTokens needs"),
        ("m#fault=silence,after=1", "before the answer"),
    ],
)
def test_a_wrong_script_is_refused_with_the_reason(name: str, complaint: str):
    with pytest.raises(NotABehaviour, match=re.escape(complaint)):
        parse(name)
