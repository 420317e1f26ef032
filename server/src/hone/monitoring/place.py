"""What measuring needs beside the database."""

from dataclasses import dataclass

from hone.core.blobs import Blobs
from hone.core.keyring import Keyring
from hone.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Settings, keys and files of one process."""

    settings: Settings
    keyring: Keyring
    blobs: Blobs
