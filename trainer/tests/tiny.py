"""An encoder of a few kilobytes that nobody trained: enough to go the ways of a large one."""

import json
from pathlib import Path

from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from tests.test_encoder import WORDS as ROOM
from tests.test_encoder import routing_encoder, weights
from tests.test_run import FILLER, WORDS


def encoder(folder: Path) -> Path:
    """Write the weights of an encoder that knows the words of `test_run.rows`."""
    folder.mkdir()
    save_file(weights(), folder / "model.safetensors")
    known = ["[UNK]", *FILLER, *(word for own in WORDS.values() for word in own)]
    places = {word: at for at, word in enumerate(dict.fromkeys(known))}
    assert len(places) <= ROOM
    tokenizer = Tokenizer(models.WordLevel(places, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()  # pyright: ignore[reportAttributeAccessIssue]
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"num_attention_heads": routing_encoder.HEADS, "layer_norm_eps": 1e-12}
    (folder / "config.json").write_text(json.dumps(settings))
    return folder
