"""Read what an organization knows: `python -m hone_trainer.knowledge html|pdf|text|faq`, from input to output.

Each page is written as one line of JSON: its title, its text, and its part. What is wrong is said in the last line of
standard error, and the exit code is 2.
"""

import json
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import BinaryIO, Final

from hone_trainer.knowledge import Page, Unfit, cut, faqs, html, texts, tidy

MEMORY: Final = 2 << 30
SECONDS: Final = 100
"""Of computing; a document that takes longer is refused."""
MOST: Final = 5_000
"""Pages of one source."""
MOST_CHARACTERS: Final = 20_000_000
TITLE: Final = 300


def _pdf(content: bytes) -> Sequence[Page]:
    """Read a PDF document; its library is loaded for one only."""
    return import_module("hone_trainer.knowledge.pdf").read(content)


READERS: Final[Mapping[str, Callable[[bytes], Sequence[Page]]]] = {
    "html": html.read,
    "pdf": _pdf,
    "text": texts.read,
    "faq": faqs.read,
}


def read(kind: str, source: BinaryIO, target: BinaryIO) -> None:
    """Write the pages of a document as JSON lines."""
    written = characters = 0
    for page in cut(READERS[kind](source.read())):
        written += 1
        characters += len(page.text)
        if written > MOST or characters > MOST_CHARACTERS:
            raise Unfit(f"It has more than {MOST:,} pages or {MOST_CHARACTERS:,} characters.")
        title = " ".join(tidy(page.title).split())[:TITLE]
        line = json.dumps({"title": title, "text": page.text, "part": page.part})
        target.write(line.encode() + b"\n")
    if not written:
        raise Unfit(
            "There is no text in it. A document that was scanned has pictures only."
            if kind == "pdf"
            else "There is no text in it."
        )


def main(arguments: Sequence[str]) -> int:
    """Read standard input as the first argument says."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    kind = arguments[0] if arguments else ""
    if kind not in READERS:
        sys.stderr.write(f"Say {', '.join(READERS)}.\n")
        return 2
    try:
        read(kind, sys.stdin.buffer, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except Unfit as error:
        sys.stderr.write(f"{error}\n")
    except MemoryError:
        sys.stderr.write("It unpacks to more than there is memory for.\n")
    except RecursionError:
        sys.stderr.write("It is nested too deep.\n")
    else:
        return 0
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
