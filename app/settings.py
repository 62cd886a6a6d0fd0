"""The environment → one frozen `Settings`. Read once, at the edge; passed down from there.

Every variable starts with SAYSO_; docs/operations.md lists them, a test holds the list complete.
"""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def default_data_dir() -> Path:
    """Where the embedded database lives unless SAYSO_DATA_DIR says otherwise: ~/.local/share/sayso."""
    return Path.home() / ".local" / "share" / "sayso"


def split_list(given: object) -> object:
    """The items of a list as it is written in a variable.

    >>> split_list("sayso.example, *.news.example")
    ('sayso.example', '*.news.example')
    """
    if not isinstance(given, str):
        return given
    return tuple(item for part in given.split(",") if (item := part.strip()))


def refuse_blank(given: object) -> object:
    """An empty word would be the current folder, or any address of the machine. Raises ValueError."""
    if isinstance(given, str) and not given.strip():
        raise ValueError("is empty")
    return given


Word = Annotated[str, BeforeValidator(refuse_blank)]
PathName = Annotated[Path, BeforeValidator(refuse_blank)]
# A name, or all names below one; never with a port, which is not compared.
HostName = Annotated[str, Field(pattern=r"^(\*|(\*\.)?[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])$")]
# As a browser writes it: the scheme, the name, and the port unless it is the scheme's own.
Origin = Annotated[str, Field(pattern=r"^(\*|https?://[^/\s]+)$")]


def check_network(given: str) -> str:
    """A network, or an address, as it is usually written. Raises ValueError.

    >>> check_network("10.0.0.7"), check_network("2001:DB8::/32")
    ('10.0.0.7/32', '2001:db8::/32')
    """
    return str(ip_network(given))


Network = Annotated[str, AfterValidator(check_network)]


# By TLS, or on this very machine.
POSTGRES_URL = r"^postgres(ql)?://"
WEB_URL = r"^(https://[^/\s]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(/\S*)?$"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SAYSO_", frozen=True, extra="ignore")

    database_url: str | None = Field(
        None,
        pattern=POSTGRES_URL,
        description="A PostgreSQL 18+ of your own. Without it the embedded server is used.",
    )
    owner_url: str | None = Field(
        None,
        pattern=POSTGRES_URL,
        description="The same database for the owner's commands: migrate, redact, backup, restore.",
    )
    data_dir: PathName = Field(
        default_factory=default_data_dir, description="Where the embedded database lives."
    )
    host: Word = Field("127.0.0.1", description="Where to listen.")
    port: int = Field(8000, ge=0, le=65535, description="Where to listen; 0 picks a free port.")
    allowed_hosts: Annotated[tuple[HostName, ...], NoDecode, BeforeValidator(split_list)] = Field(
        (), description="Further names this server goes by, separated by commas."
    )
    allowed_origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(split_list)] = Field(
        (), description="Other origins whose pages may ask, separated by commas; * is any."
    )
    read_connections: int = Field(
        4, ge=1, le=100, description="Connections of the read pool, and of that of outsiders."
    )
    write_connections: int = Field(4, ge=1, le=100, description="Connections of the write pool.")
    statement_timeout_ms: int = Field(15_000, ge=1, description="Longest time one statement may take.")
    lock_timeout_ms: int = Field(10_000, ge=1, description="Longest wait for one lock.")
    transaction_timeout_ms: int = Field(
        60_000, ge=1, description="Longest time one change may take, from its beginning to its commit."
    )
    researcher: Word = Field(
        "local", description="Name of the researcher on whose behalf changes are recorded."
    )
    read_without_token: bool = Field(
        False, description="Whether whoever sends no token may read. `sayso demo`: yes, unless said."
    )
    oidc_issuer: str | None = Field(
        None, pattern=WEB_URL, description="The OpenID Connect provider whose access tokens are taken."
    )
    oidc_audience: Word | None = Field(None, description="What its tokens for this server name as audience.")
    oidc_jwks_url: str | None = Field(
        None, pattern=WEB_URL, description="Where its keys are, unless its configuration says so."
    )
    oidc_clock_skew_seconds: int = Field(60, ge=0, le=600, description="How far its clock may be off.")
    max_body_bytes: int = Field(4_000_000, ge=1_000, description="Largest request body.")
    batch_limit: int = Field(
        0, ge=0, le=1_000, description="Most requests in one body, as a JSON array; 0 takes none."
    )
    known_documents: PathName | None = Field(
        None, description="A file of documents, by the ids that clients may ask for them with."
    )
    only_known_documents: bool = Field(
        False, description="Whether all documents are refused but these and the workbench's own."
    )
    registered_documents: int = Field(
        1_000, ge=0, le=100_000, description="Documents kept for clients that ask by hash (APQ); 0 for none."
    )
    seal_seconds: float = Field(
        10,
        ge=0,
        le=86_400,
        description="Seconds between two seals of the log; 0 seals by `sayso seal` alone.",
    )
    subscribers: int = Field(
        2_000, ge=0, le=100_000, description="Subscriptions at once, of each kind; 0 for none."
    )
    sockets: int = Field(
        4_000, ge=0, le=100_000, description="WebSockets and event streams open at once; 0 for none."
    )
    sockets_per_address: int = Field(
        1_000, ge=1, le=100_000, description="WebSockets and event streams of one address at once."
    )
    client_connections: int = Field(
        10_000, ge=10, le=1_000_000, description="Connections of clients open at once, sockets among them."
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(split_list)] = Field(
        (), description="Networks of the proxies that say for whom they ask, separated by commas."
    )
    send_seconds: float = Field(
        30,
        gt=0,
        le=3_600,
        description="How long a client may take 30 kB of what waits for it, or all of that.",
    )
    etags: bool = Field(
        True, description="Whether answers to GET have an ETag, and 304 is said while nothing has changed."
    )
    metrics: str | None = Field(
        None,
        pattern=r"^(on|(\[[0-9A-Fa-f:.]+\]|[^:\s]+):\d{1,5})$",
        description="Prometheus' /metrics: on, at the same port; HOST:PORT, at an address of its own.",
    )
    drain_seconds: float = Field(
        0, ge=0, le=600, description="How long /readyz says 503 before a server that is to end takes no more."
    )
    stop_seconds: int = Field(
        10, ge=0, le=3_600, description="How long requests under way have when a server ends."
    )
    introspection: bool = Field(
        True,
        description="Whether clients may introspect the schema, and errors say what may have been meant.",
    )
