"""WebSocket by hand: frames that no client would send (RFC 6455, section 5)."""

from __future__ import annotations

import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FIN, COMPRESSED = 0x80, 0x40
# What masks a client's bytes may be anything; zeros leave them as they are.
_MASK = bytes(4)


def handshake(*headers: bytes, protocol: bytes = b"graphql-transport-ws") -> bytes:
    lines = [
        b"GET /graphql HTTP/1.1",
        b"host: 127.0.0.1",
        b"upgrade: websocket",
        b"connection: Upgrade",
        b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
        b"sec-websocket-version: 13",
        b"sec-websocket-protocol: " + protocol,
        *headers,
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def frame(kind: int, payload: bytes, flags: int = FIN) -> bytes:
    """
    >>> frame(TEXT, b"{}").hex()
    '8182000000007b7d'
    """
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 65_536:
        length = b"\xfe" + struct.pack("!H", size)
    else:
        length = b"\xff" + struct.pack("!Q", size)
    return bytes([flags | kind]) + length + _MASK + payload


def text(message: str) -> bytes:
    return frame(TEXT, message.encode())


def read_frames(received: bytes) -> list[tuple[int, bytes]]:
    """(kind, payload) of each whole frame that a server sent.

    >>> read_frames(bytes.fromhex("81027b7d8802 03e9"))
    [(1, b'{}'), (8, b'\\x03\\xe9')]
    """
    frames = []
    at = 0
    while at + 2 <= len(received):
        size, start = received[at + 1], at + 2
        if size == 126:
            size, start = int.from_bytes(received[at + 2 : at + 4]), at + 4
        elif size == 127:
            size, start = int.from_bytes(received[at + 2 : at + 10]), at + 10
        if start + size > len(received):
            break
        frames.append((received[at] & 0x0F, received[start : start + size]))
        at = start + size
    return frames


def read_close(received: bytes) -> tuple[int, str] | None:
    """The code and the reason that a server closed with; what stands before the frames is its handshake."""
    _, _, frames = received.partition(b"\r\n\r\n")
    for kind, payload in read_frames(frames):
        if kind == CLOSE:
            return int.from_bytes(payload[:2]), payload[2:].decode()
    return None
