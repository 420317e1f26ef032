"""The identity providers that a process has spoken to, by issuer: what they said is kept with them."""

from collections import OrderedDict

from hone.identity.openid.outward import Outward
from hone.identity.openid.provider import Provider

_KEPT = 256


class Directory:
    """Providers of one process."""

    def __init__(self, *, private: bool = False) -> None:
        self.outward = Outward(private=private)
        self._providers: OrderedDict[str, Provider] = OrderedDict()

    def find(self, issuer: str) -> Provider:
        """Return a provider, known or not yet."""
        provider = self._providers.setdefault(issuer, Provider(issuer, self.outward))
        self._providers.move_to_end(issuer)
        if len(self._providers) > _KEPT:
            self._providers.popitem(last=False)
        return provider

    def fresh(self, issuer: str) -> Provider:
        """Return a provider of which nothing is known yet."""
        return Provider(issuer, self.outward)

    async def aclose(self) -> None:
        """Drop every connection."""
        await self.outward.close()
