"""How the simulator counts tokens: two rules that anybody can repeat.

* A prompt: for each message ceil(UTF-8 bytes / 4) and 3 more, and 85 for each part that is not text.
  An embedding's input: ceil(UTF-8 bytes / 4), or as many as there are token numbers.
* An answer: its pieces. A piece is up to eight letters, digits or underscores, or one other sign,
  with the white space before it; white space at the very end is a piece of its own.

The same counts hold for streamed and plain answers; a stream sends one piece in each chunk.
"""

import re

PER_MESSAGE = 3
PER_OTHER_PART = 85
_PIECE = re.compile(r"\s*\w{1,8}|\s*[^\w\s]|\s+")


def of_text(text: str) -> int:
    """Count the tokens of a prompt's text."""
    size = len(text) if text.isascii() else len(text.encode())
    return (size + 3) // 4


def pieces(text: str) -> list[str]:
    """Split an answer into its tokens; joined they are the text again."""
    return _PIECE.findall(text)
