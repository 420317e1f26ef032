from hypothesis import given
from hypothesis import strategies as st

from hone.simulator import tokens


@given(st.text())
def test_pieces_joined_are_the_text(text: str):
    assert "".join(tokens.pieces(text)) == text


@given(st.text())
def test_a_prompt_counts_a_token_for_every_four_bytes(text: str):
    size = len(text.encode())
    assert 4 * tokens.of_text(text) - 3 <= size <= 4 * tokens.of_text(text)


def test_words_and_signs_are_pieces():
    assert tokens.pieces("Hello, 2 guests! ") == ["Hello", ",", " 2", " guests", "!", " "]
    assert tokens.pieces("straightforward") == ["straight", "forward"]
