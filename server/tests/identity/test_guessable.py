"""What anybody would try first is told from what nobody would, whatever it is dressed in."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hone.identity.guessable import is_guessable

COMMON = ["password", "qwertyuiop", "iloveyou", "letmein", "welcome", "dragon", "sunshine"]


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!",
        "P@ssw0rd1234",
        "qwertyuiop123",
        "iloveyou2024",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "letmein-welcome",
        "summersummer99",
        "Autumn2026Autumn",
    ],
)
def test_what_lists_of_leaked_passwords_begin_with_is_guessable(password: str) -> None:
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "ninety-seven blue herons", "vT9#kq2LmX0z"]
)
def test_what_nobody_would_try_is_not(password: str) -> None:
    assert not is_guessable(password)


@given(st.lists(st.sampled_from(COMMON), min_size=1, max_size=4), st.integers(1900, 2099))
def test_common_words_and_a_year_stay_guessable(words: list[str], year: int) -> None:
    assert is_guessable("".join(words) + str(year))
    assert is_guessable(str(year) + "".join(words).upper())


def test_random_passwords_pass() -> None:
    assert not any(is_guessable(secrets.token_urlsafe(18)) for _ in range(1000))


@given(st.text(max_size=200))
def test_any_text_has_an_answer_whatever_its_case(text: str) -> None:
    told = is_guessable(text)
    if text.isascii():
        assert told is is_guessable(text.swapcase())
