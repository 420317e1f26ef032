"""A provider that writes what it is told, byte for byte: for what the simulator does not do."""

import asyncio
import contextlib
import json
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import Future

STREAM = b"text/event-stream"


def chunk(delta: object, finish: str | None = None, index: int = 0, **more: object) -> bytes:
    """Write one event of a stream in OpenAI's shape."""
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    value = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return f"data: {json.dumps(value | {'choices': [choice]} | more)}\n\n".encode()


async def _tell(
    writer: asyncio.StreamWriter, parts: Iterable[bytes], gate: threading.Event | None
) -> None:
    for place, part in enumerate(parts):
        if place and gate is not None:
            await asyncio.to_thread(gate.wait, 10)
        writer.write(part)
        await writer.drain()


def _chunked(part: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(part), part)


@contextlib.contextmanager
def scripted(
    *parts: bytes,
    content_type: bytes = STREAM,
    status: bytes = b"200 OK",
    head: bytes | None = None,
    hang: bool = False,
    gate: threading.Event | None = None,
) -> Generator[str]:
    """Answer every request with these parts; `hang` leaves the answer without its end.

    All but the first part wait for the `gate`.
    """
    started: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    first = head or (
        b"HTTP/1.1 " + status + b"\r\ncontent-type: " + content_type
        + b"\r\ntransfer-encoding: chunked\r\n\r\n"
    )  # fmt: skip

    writers: set[asyncio.StreamWriter] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while request := await reader.readuntil(b"\r\n\r\n"):
                lines = request.lower().split(b"\r\n")
                size = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
                await reader.readexactly(size)
                writer.write(first)
                await _tell(writer, parts if head else map(_chunked, parts), gate)
                if head:
                    break
                if hang:
                    await reader.read()
                    break
                writer.write(b"0\r\n\r\n")
        writer.close()

    async def work() -> None:
        stop = asyncio.Event()
        server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=1 << 20)
        started.set_result((server.sockets[0].getsockname()[1], asyncio.get_running_loop(), stop))
        await stop.wait()
        server.close()
        for writer in writers:
            writer.close()
        await asyncio.gather(*(each.wait_closed() for each in writers), return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    port, loop, stop = started.result(10)
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
