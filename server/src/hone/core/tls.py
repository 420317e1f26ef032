"""The server's own certificate: read at the start, and read again when its files are replaced."""

import logging
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from hone.core.errors import AppError
from hone.core.settings import Server

log = logging.getLogger(__name__)


class CertificateUnusable(AppError):
    """The certificate and key of HONE_SERVER__TLS_CERTIFICATE cannot be used."""

    code = "certificate_unusable"


@dataclass(slots=True)
class Certificate:
    """A certificate chain and its key, with the context that new connections take them from."""

    chain: Path
    key: Path
    context: ssl.SSLContext
    _seen: tuple[tuple[int, int], ...] = field(default=(), repr=False)

    @classmethod
    def open(cls, server: Server) -> "Certificate | None":
        """Read what the settings name, if they do; raise `CertificateUnusable`."""
        chain, key = server.tls_certificate, server.tls_key
        if chain is None or key is None:
            return None
        made = cls(chain, key, _context())
        try:
            made._load()
        except OSError as error:
            # ssl.SSLError is one; its words name no secret.
            raise CertificateUnusable(
                f"{chain} and {key} cannot be used as certificate and key: {error}."
            ) from error
        return made

    def renew(self) -> None:
        """Read the files again if they were replaced; what is half written waits for its rest."""
        try:
            if self._look() == self._seen:
                return
        except OSError:
            # Being replaced at this moment.
            return
        try:
            self._load()
            log.info("the certificate was replaced; new connections get the new one")
        except OSError as error:
            log.warning("the certificate was replaced and cannot be used: %s", error)

    def _load(self) -> None:
        # Before it is read: what is replaced meanwhile is seen at the next look.
        self._seen = self._look()
        # A pair that does not match would leave the context in use without a key.
        _context().load_cert_chain(self.chain, self.key)
        self.context.load_cert_chain(self.chain, self.key)

    def _look(self) -> tuple[tuple[int, int], ...]:
        found = (path.stat() for path in (self.chain, self.key))
        return tuple((each.st_ino, each.st_mtime_ns) for each in found)


def _context() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    return made
