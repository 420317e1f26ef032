"""LiteLLM's `config.yaml` as our declared document: a pure translation that tells what it cannot keep.

`read` takes the file apart; `translate` makes a document of it, which `hone apply` accepts, and a note
for everything that does not become what it says there.
"""

from hone.cli.litellm.keys import Key, Keys
from hone.cli.litellm.keys import translate as translate_keys
from hone.cli.litellm.reading import Note
from hone.cli.litellm.source import Source, SourceUnreadable, read
from hone.cli.litellm.translation import Translation, translate

__all__ = [
    "Key",
    "Keys",
    "Note",
    "Source",
    "SourceUnreadable",
    "Translation",
    "read",
    "translate",
    "translate_keys",
]
