"""A usage export adds up to what its lines say, exactly, in whatever order they stand."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hone.operations.invoices import Used, read_invoice

LINE = st.tuples(
    st.dates(),
    st.sampled_from(["gpt-4o", "gpt-4o-2026-08-06", "GPT 4o", "other"]),
    st.integers(1, 10**9),
    st.integers(0, 10**9),
    st.decimals(0, 10_000, places=12),
)


@given(st.lists(LINE, min_size=1, max_size=20))
def test_an_export_adds_up_exactly(lines: list[tuple[object, str, int, int, Decimal]]) -> None:
    rows = [f"{day},{model},{into},{out},{cost}" for day, model, into, out, cost in lines]
    read = read_invoice("\n".join(["date,model,input_tokens,output_tokens,cost", *rows]))
    turned = read_invoice("\n".join(["date,model,input_tokens,output_tokens,cost", *rows[::-1]]))
    assert read == turned
    total = Used()
    for each in read.lines.values():
        total.add(each)
    assert total.input == sum(line[2] for line in lines)
    assert total.output == sum(line[3] for line in lines)
    assert total.cost == sum(int(line[4] * 10**12) for line in lines)
    assert {model for _, model in read.lines} <= {"gpt-4o", "other"}
