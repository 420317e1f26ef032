"""What training works with in one process."""

from dataclasses import dataclass

from hone.core.blobs import Blobs
from hone.core.keyring import Keyring
from hone.core.settings import Settings
from hone.training.engines import Catalogue


@dataclass(frozen=True, slots=True)
class Place:
    """Settings, keys, files and what the trainer can do."""

    settings: Settings
    keyring: Keyring
    blobs: Blobs
    catalogue: Catalogue

    @classmethod
    def open(cls, settings: Settings, keyring: Keyring, blobs: Blobs) -> "Place":
        """Prepare it; the trainer is asked when somebody wants to know."""
        return cls(settings, keyring, blobs, Catalogue(settings))

    @property
    def rates(self) -> tuple[float, float]:
        """Return what an hour of a core and of a GPU costs, in dollars."""
        training = self.settings.training
        return training.cpu_hour_usd, training.gpu_hour_usd
