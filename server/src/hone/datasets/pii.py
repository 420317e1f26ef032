"""Personal data in texts: found by form and checksum, without a model.

What has a form is found: e-mail and IP addresses, telephone and card numbers, IBANs, national numbers
of several countries, web addresses with a person's name are not guessed. Names, places and dates have
none; finding these takes a model, and is not done here. `bench/pii.py` tells how much of it is found.
"""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+'-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])"
)
_IPV4: Final = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
_IPV6: Final = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
_NUMBER: Final = re.compile(r"(?<![\w.])\d(?:[ -]?\d){11,18}(?![\w]|\.\d)")
_IBAN: Final = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_SSN: Final = re.compile(
    r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])"
)
_NINO: Final = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r" ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"
)
_DNI: Final = re.compile(r"(?<!\w)(?:[XYZ]-?\d{7}|\d{8})-?[A-HJ-NP-TV-Z](?!\w)")
_FISCAL: Final = re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)")
_PHONE: Final = re.compile(
    r"(?<![\w.+@/-])(?:\+|00|\()?\d[\d\s().\-/]{5,20}\d(?:\s?(?:x|ext\.?|#)\s?\d{1,6})?(?![\w@]|-\d|\.\d)"
)
_DATE: Final = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:\s+\d{1,2}(?::\d\d)?)?"
)
_DNI_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_LONGEST: Final = 100_000

MASKS: Final = {
    "email": "[email]",
    "phone": "[phone]",
    "card": "[card]",
    "iban": "[iban]",
    "ip": "[ip]",
    "national_id": "[id]",
}
"""What stands in the place of each kind once it is redacted."""


class Found(NamedTuple):
    """A piece of personal data and where it stands."""

    kind: str
    start: int
    end: int


def find(text: str) -> list[Found]:
    """Find what has a form, in the order of the text; of two that overlap the surer one counts."""
    taken: list[Found] = []
    for each in _candidates(text[:_LONGEST]):
        if not any(each.start < other.end and other.start < each.end for other in taken):
            taken.append(each)
    return sorted(taken, key=lambda each: each.start)


def holds(text: str) -> bool:
    """Tell whether there is any; most texts are told from at one look."""
    if not _may_hold(text):
        return False
    return next(_candidates(text[:_LONGEST]), None) is not None


def redact(text: str) -> str:
    """Put a mask in the place of each piece."""
    made, last = list[str](), 0
    for kind, start, end in find(text):
        made += [text[last:start], MASKS[kind]]
        last = end
    return "".join([*made, text[last:]])


def _may_hold(text: str) -> bool:
    return "@" in text or "::" in text or sum(each.isdigit() for each in text) >= 4


def _candidates(text: str) -> Iterator[Found]:
    """List what may be one, the surest kinds first."""
    for kind, pattern, holds_true in _FORMS:
        for each in pattern.finditer(text):
            if holds_true(each[0]):
                yield Found(kind, *each.span())


def is_card(text: str) -> bool:
    """Check a card number by Luhn's sum (ISO/IEC 7812-1)."""
    digits = [int(each) for each in text if each.isdigit()]
    if not 12 <= len(digits) <= 19 or len(set(digits)) == 1 or digits[0] not in {2, 3, 4, 5, 6}:
        return False
    doubled = [each * 2 - 9 * (each > 4) for each in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """Check an IBAN by the remainder of 97 (ISO 13616)."""
    plain = text.replace(" ", "").upper()
    if not 15 <= len(plain) <= 34:
        return False
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def is_dni(text: str) -> bool:
    """Check a Spanish DNI or NIE by its letter."""
    plain = text.replace("-", "")
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and _DNI_LETTERS[int(number) % 23] == plain[-1]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    # Every colon between hours and minutes would be one.
    return ":" not in text or "::" in text or text.count(":") == 7


def _is_phone(text: str) -> bool:
    digits = sum(each.isdigit() for each in text.partition("x")[0])
    if not 7 <= digits <= 15 or _DATE.fullmatch(text.strip()):
        return False
    grouped = any(each in text for each in " -.()/")
    return text.startswith(("+", "00", "(")) or (grouped and digits >= 7) or digits in {10, 11}


def _always(_: str) -> bool:
    return True


_FORMS: Final = (
    ("email", _EMAIL, _always),
    ("iban", _IBAN, is_iban),
    ("card", _NUMBER, is_card),
    ("ip", _IPV4, _is_address),
    ("ip", _IPV6, _is_address),
    ("national_id", _SSN, _always),
    ("national_id", _NINO, _always),
    ("national_id", _FISCAL, _always),
    ("national_id", _DNI, is_dni),
    ("phone", _PHONE, _is_phone),
)
