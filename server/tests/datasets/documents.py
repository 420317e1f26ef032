"""Documents as organizations have them, and a site that serves them."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def pdf(*pages: str, title: str = "") -> bytes:
    """Write a PDF document with some text on each page."""
    fonts = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(pages)))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        fonts,
    ]
    for place, said in enumerate(pages):
        drawn = f"BT /F1 12 Tf 20 700 Td ({said}) Tj ET".encode()
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * place} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        stream = b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn)
        parts += [page.encode(), stream]
    parts.append(f"<< /Title ({title}) >>".encode())
    written, places = b"%PDF-1.4\n", list[int]()
    for number, part in enumerate(parts, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(written)
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
        + table
        + b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(parts) + 1, len(parts))
        + b"startxref\n%d\n%%%%EOF\n" % start
    )


@dataclass
class Site:
    """A web site that says what it is told to say."""

    port: int = 0
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict[str, tuple[str, bytes]])
    """Media type and content by path; a redirect has the type `location`."""
    asked: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """Path and status of each answer."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def says(self, path: str, content: str | bytes, kind: str = "text/html") -> None:
        self.pages[path] = (kind, content.encode() if isinstance(content, str) else content)


@contextmanager
def open_site() -> Generator[Site]:
    """Serve a site on this machine."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = site.pages.get(self.path, ("", b""))
            etag = f'"{sha256(content).hexdigest()[:16]}"'
            status = 200 if kind else 404
            if kind == "location":
                status = 302
            elif kind and self.headers.get("if-none-match") == etag:
                status, content = 304, b""
            site.asked.append((self.path, status))
            self.send_response(status)
            if status == 302:
                self.send_header("location", content.decode())
                content = b""
            elif kind:
                self.send_header("content-type", f"{kind}; charset=utf-8")
                self.send_header("etag", etag)
            if status != 304:
                self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
