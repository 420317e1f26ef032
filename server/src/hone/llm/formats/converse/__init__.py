"""Amazon Bedrock's Converse (API reference, "Converse" and "ConverseStream"), as it is spoken to."""

from functools import partial

from hone.llm.formats.base import ProviderFormat
from hone.llm.formats.converse import answers, asking, streams
from hone.llm.formats.converse.families import PLAIN, Family


def spoken(family: Family = PLAIN, model: str = "") -> ProviderFormat:
    """Return the format for a family of models; `model` is the name that answers are given."""
    return ProviderFormat(
        partial(asking.write, family),
        partial(answers.read, model),
        partial(streams.ConverseReader, model),
        family.draws,
    )
