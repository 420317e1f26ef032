"""A language model of one's own that answers rather so than so: preferences, learned as an adapter."""

from typing import Final

from hone_trainer.engines import Engine, sft
from hone_trainer.tuning.params import ALIASES, DPO

ENGINE: Final = Engine(
    "dpo",
    ("dpo",),
    "Tunes an adapter (LoRA) of a language model in a folder, so that it prefers the chosen answers to the rejected "
    "ones. Works on a processor, but is meant for a graphics card.",
    DPO,
    sft.PACKAGES,
    sft.INSTALL,
    ALIASES,
)
fit = sft.fit
load = sft.load
