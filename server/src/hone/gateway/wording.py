"""Values as they stand in headers."""


def usd(pico: int) -> bytes:
    """Write pico-dollars as dollars, exactly."""
    whole, part = divmod(pico, 10**12)
    return f"{whole}.{part:012d}".rstrip("0").rstrip(".").encode()


def ascii_name(name: str) -> bytes:
    """Write a name so that it can stand in a header."""
    return name.encode("unicode_escape")
