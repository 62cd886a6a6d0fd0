"""uvicorn as it is used here: on a socket that listens already, and with signals that only end it."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

import uvicorn

from app.errors import SettingInvalid
from app.settings import Settings
from app.web.application import Application
from app.web.frames import BoundedSocketProtocol
from app.web.protocol import DirectProtocol
from app.web.stalls import Stalls

Result = TypeVar("Result")

KEEP_ALIVE_SECONDS = 30
PING_SECONDS = 20.0  # after which a socket is pinged; so long again it has to answer
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens on this address; port 0 is any free one. Raises SettingInvalid if it cannot.

    Who connects before the application serves waits until it does.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as problem:
        raise SettingInvalid(f"{host!r} is not an address of this machine: {problem}") from problem
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as problem:
        listener.close()
        raise SettingInvalid(
            f"Port {port} on {host} cannot be listened on: {problem.strerror or problem}.",
            hint="Choose another with --port, or let --port 0 pick a free one.",
        ) from problem
    return listener


def find_url(listener: socket.socket) -> str:
    """Where a browser on this machine finds the application, without a slash at the end."""
    return spell_url(*listener.getsockname()[:2])


def spell_url(host: str, port: int) -> str:
    """The same for a server that listens on this address.

    >>> spell_url("0.0.0.0", 8000), spell_url("::1", 80), spell_url("sayso.example", 80)
    ('http://127.0.0.1:8000', 'http://[::1]:80', 'http://sayso.example:80')
    """
    host = _ANYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_listened_on(host: str, port: int) -> bool:
    """Whether anything takes connections there. Blocks, for a second at most with each of its addresses."""
    try:
        socket.create_connection((_ANYWHERE.get(host, host), port), timeout=1).close()
    except (OSError, UnicodeError):
        return False
    return True


def run_loop(main: Coroutine[Any, Any, Result]) -> Result:
    """asyncio.run on the event loop that uvicorn chooses: uvloop where there is one."""
    with asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner:
        return runner.run(main)


async def serve(
    application: Application, listener: socket.socket, settings: Settings, on_ready: Callable[[], None]
) -> None:
    """Serve until SIGINT or SIGTERM. Then /readyz says 503 for `drain_seconds`; after that nothing new is
    taken on, and requests under way have `stop_seconds` to end. A second signal ends the first wait, another
    SIGINT cuts them off. `on_ready` is called once requests are answered."""
    server = make_server(application, on_ready, settings)
    with server.ended_by(signal.SIGINT, signal.SIGTERM):
        await server.serve(sockets=[listener])


def make_server(
    application: Application, on_ready: Callable[[], None], settings: Settings | None = None
) -> Server:
    """A server that ends when its `should_exit` is set."""
    settings = settings or Settings()
    config = uvicorn.Config(
        application,
        http=DirectProtocol,
        ws=BoundedSocketProtocol,
        ws_max_size=application.max_message_bytes,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,  # a small message may unpack to a large one
        lifespan="on",
        log_config=None,
        access_log=False,
        # It would trust 127.0.0.1 unless it is told otherwise.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=_spell_networks(settings.trusted_proxies),
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.stop_seconds,
    )
    return Server(config, on_ready, application, settings)


def _spell_networks(networks: Sequence[str]) -> list[str]:
    """Networks, those of IPv4 also as a socket for both families shows them.

    >>> _spell_networks(["10.0.0.0/8", "2001:db8::/32"])
    ['10.0.0.0/8', '::ffff:10.0.0.0/104', '2001:db8::/32']
    """
    spelled = []
    for network in networks:
        spelled.append(network)
        address, _, bits = network.partition("/")
        if ":" not in address:
            spelled.append(f"::ffff:{address}/{96 + int(bits)}")
    return spelled


class Server(uvicorn.Server):
    """uvicorn's, but for what it does with signals: it would raise them again when it has ended, and kill the
    process before the database is closed; and it would wait for streams that never end by themselves."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        application: Application,
        settings: Settings,
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._application = application
        self._drain_seconds = settings.drain_seconds
        self._draining: asyncio.TimerHandle | None = None
        self.stalls = Stalls(self.server_state.connections, settings.send_seconds)
        self._watching: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._application.announce_end()
        if self._draining is None and self._drain_seconds:
            loop = asyncio.get_running_loop()
            self._draining = loop.call_later(self._drain_seconds, super().handle_exit, sig, frame)
        else:
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._application.end_streams()
        try:
            await super().shutdown(sockets)
        finally:
            if self._watching is not None:
                self._watching.cancel()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._watching = asyncio.create_task(self.stalls.watch())
            self._on_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @contextmanager
    def ended_by(self, *numbers: signal.Signals) -> Iterator[None]:
        """Within the block these signals end the server, and do nothing else."""
        before = {number: signal.getsignal(number) for number in numbers}
        loop = asyncio.get_running_loop()
        for number in numbers:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number, handler in before.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)
