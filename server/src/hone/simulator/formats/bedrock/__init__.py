"""Bedrock's formats: Converse, and the embeddings of Titan and Cohere."""

from hone.simulator.formats.base import Embedding, Endpoint, Generation
from hone.simulator.formats.bedrock import converse, invoke
from hone.simulator.formats.bedrock.converse_requests import read, read_stream
from hone.simulator.formats.bedrock.dialect import DIALECT

ENDPOINTS = (
    Endpoint(
        "/model/{name}/converse",
        "bedrock.converse",
        DIALECT,
        Generation(read, converse.ConverseWriter),
    ),
    Endpoint(
        "/model/{name}/converse-stream",
        "bedrock.converse-stream",
        DIALECT,
        Generation(read_stream, converse.ConverseWriter),
    ),
    Endpoint(
        "/model/{name}/invoke",
        "bedrock.invoke",
        DIALECT,
        Embedding(invoke.read, invoke.write, invoke.headers),
    ),
)
