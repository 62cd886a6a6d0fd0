"""Ports that others leave alone between the moment one is chosen and the moment somebody listens on it."""

from __future__ import annotations

import socket


def reserve_port() -> socket.socket:
    """A socket on a free port of 127.0.0.1. Until it is closed the port is given to nobody who asks for any;
    who asks for this one can listen on it, as servers do (SO_REUSEADDR)."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved
