"""Fine-tuning at a provider that speaks OpenAI's protocol; what comes of it is the name of a model there."""

from typing import Final

from hone_trainer.engines import Engine
from hone_trainer.tuning import hosted

ENGINE: Final = Engine(
    "provider",
    ("sft", "dpo", "response", "intent"),
    "Sends conversations to a provider that tunes one of its models and serves it. The examples leave this "
    "machine, and the provider bills.",
    hosted.PARAMS,
    aliases={"baseModel": "model"},
)
fit = hosted.train
load = hosted.load
