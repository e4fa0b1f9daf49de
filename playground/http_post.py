"""One HTTP POST from the playground's event loop: Slack's side of a request url."""

import asyncio
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

MOST_BYTES = 1_000_000


class Unanswered(Exception):
    """No answer came back. The text is Slack's word for it: "connection_failed", "ssl_error"."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


async def reaches(url: str) -> bool:
    """Whether anybody listens at the address."""
    try:
        _, writer = await _connect(url)
    except Unanswered:
        return False
    writer.close()
    return True


async def post(url: str, headers: dict[str, str], body: bytes) -> Answered:
    """Sends it over a connection of its own, which ends when the caller gives up waiting.

    Redirects aren't followed. Raises Unanswered.
    """
    reader, writer = await _connect(url)
    try:
        there = h11.Connection(h11.CLIENT)
        where = urlsplit(url)
        request = h11.Request(
            method="POST",
            target=f"{where.path or '/'}{'?' if where.query else ''}{where.query}",
            headers=[
                ("Host", where.netloc),
                ("Connection", "close"),
                ("Content-Length", str(len(body))),
                *headers.items(),
            ],
        )
        for part in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(there.send(part) or b"")
        return await _answer(there, reader)
    except (OSError, h11.RemoteProtocolError) as error:
        raise Unanswered("connection_failed") from error
    finally:
        writer.transport.abort()


async def _connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    where = urlsplit(url)
    tls = ssl.create_default_context() if where.scheme == "https" else None
    port = where.port or (443 if tls else 80)
    try:
        return await asyncio.open_connection(where.hostname, port, ssl=tls)
    except ssl.SSLError as error:
        raise Unanswered("ssl_error") from error
    except OSError as error:
        raise Unanswered("connection_failed") from error


async def _answer(there: h11.Connection, reader: asyncio.StreamReader) -> Answered:
    status, headers, body = 0, {}, b""
    while True:
        event = there.next_event()
        if event is h11.NEED_DATA:
            there.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Response):
            status = event.status_code
            headers = {name.decode(): value.decode("latin-1") for name, value in event.headers}
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MOST_BYTES:
                raise Unanswered("unknown_error")
        elif isinstance(event, h11.EndOfMessage):
            return Answered(status, headers, body)
        elif isinstance(event, h11.ConnectionClosed):
            raise Unanswered("connection_failed")
