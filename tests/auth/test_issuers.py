"""JWTs of a provider whose keys are served by a real HTTP server, and every way in which one can be wrong."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from app.auth import Authenticator
from app.auth.issuers import ASKED_SECONDS, KEPT_SECONDS, MAX_KEYS, Issuer, Subject
from app.database import Database
from app.domain.vocabulary import Role
from app.errors import IssuerUnavailable, NotAuthenticated, SettingInvalid
from app.permissions import Viewer
from app.services.researchers import change_role, disable_researcher, link_identity, unlink_identity
from app.settings import Settings
from tests.auth.test_authenticator import bearing
from tests.factories import make_viewer, perform

AUDIENCE = "https://sayso.example"
SKEW = 60


class Provider:
    """What an OpenID Connect provider is here: a configuration, keys, and a clock."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.asked: list[str] = []
        self.broken = self.babbles = False
        # Whether it answers, and whether it was asked.
        self.answers, self.reached = threading.Event(), threading.Event()
        self.answers.set()
        self.published: list[dict[str, Any]] = []
        self.padding = b""
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(self.path)
                status, body = provider.answer(self.path)
                if provider.babbles:
                    self.wfile.write(b"no status line\r\n\r\n")
                    return
                self.send_response(status)
                if status == 302:
                    self.send_header("location", f"{provider.issuer}/keys")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.publish(self.key)

    def answer(self, path: str) -> tuple[int, bytes]:
        self.reached.set()
        self.answers.wait()
        if self.broken:
            return 500, b"no"
        if path == "/.well-known/openid-configuration":
            return 200, json.dumps({"jwks_uri": f"{self.issuer}/keys"}).encode()
        if path == "/moved":
            return 302, b""
        return 200, json.dumps({"keys": self.published}).encode() + self.padding

    def publish(self, *keys: Any, **more: Any) -> None:
        self.published = [{**key.as_dict(private=False), **more} for key in keys]

    def claims(self, **changed: Any) -> dict[str, Any]:
        usual = {"iss": self.issuer, "aud": AUDIENCE, "sub": "ada", "exp": int(self.now) + 300}
        return {name: value for name, value in (usual | changed).items() if value is not None}

    def sign(self, key: Any = None, header: dict[str, Any] | None = None, **changed: Any) -> str:
        key = key or self.key
        head = {"alg": "RS256", "kid": key.kid, "typ": "at+jwt"} | (header or {})
        head = {name: value for name, value in head.items() if value is not None}
        return jwt.encode(head, self.claims(**changed), key, algorithms=[head["alg"]])

    def open(self, keys_url: str | None = None) -> Issuer:
        return Issuer(self.issuer, AUDIENCE, keys_url, SKEW, lambda: self.now)


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


async def test_a_token_tells_its_subject(provider: Provider) -> None:
    issuer = provider.open()
    expected = Subject(provider.issuer, "ada", provider.now + 300 + SKEW)
    assert await issuer.verify(provider.sign()) == expected
    assert await issuer.verify(provider.sign(aud=["another", AUDIENCE])) == expected
    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]


@pytest.mark.parametrize(
    ("algorithm", "make"),
    [
        ("PS256", lambda: RSAKey.generate_key(2048, {"kid": "k"})),
        ("ES256", lambda: ECKey.generate_key("P-256", {"kid": "k"})),
        ("ES384", lambda: ECKey.generate_key("P-384", {"kid": "k"})),
        ("Ed25519", lambda: OKPKey.generate_key("Ed25519", {"kid": "k"})),
    ],
)
async def test_other_signatures(provider: Provider, algorithm: str, make: Callable[[], Any]) -> None:
    key = make()
    provider.publish(provider.key, key)
    token = provider.sign(key, {"alg": algorithm})
    assert (await provider.open(f"{provider.issuer}/keys").verify(token)).subject == "ada"


def encode(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def forge_none(provider: Provider) -> str:
    return f"{encode({'alg': 'none', 'kid': 'first'})}.{encode(provider.claims())}."


def forge_hs256(provider: Provider) -> str:
    """Signed with what everybody knows: the public key, taken for a secret."""
    signed = f"{encode({'alg': 'HS256', 'kid': 'first'})}.{encode(provider.claims())}"
    mac = hmac.digest(provider.key.as_pem(private=False), signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def change_payload(provider: Provider) -> str:
    head, _, signature = provider.sign().split(".")
    return f"{head}.{encode(provider.claims(sub='eve'))}.{signature}"


WRONG: dict[str, Callable[[Provider], str]] = {
    "none": forge_none,
    "HS256 with the public key": forge_hs256,
    "another payload": change_payload,
    "another key of the same name": lambda p: p.sign(RSAKey.generate_key(2048, {"kid": "first"})),
    "a key of its own in the header": lambda p: p.sign(
        key := RSAKey.generate_key(2048, {"kid": "mine"}), {"jwk": key.as_dict(private=False)}
    ),
    "expired": lambda p: p.sign(exp=int(p.now) - SKEW - 1),
    "not yet valid": lambda p: p.sign(nbf=int(p.now) + SKEW + 5),
    "issued in the future": lambda p: p.sign(iat=int(p.now) + SKEW + 5),
    "no end": lambda p: p.sign(exp=None),
    "an end that is no number": lambda p: p.sign(exp="tomorrow"),
    "wrong audience": lambda p: p.sign(aud="https://other.example"),
    "no audience": lambda p: p.sign(aud=None),
    "wrong issuer": lambda p: p.sign(iss="https://other.example"),
    "no issuer": lambda p: p.sign(iss=None),
    "no subject": lambda p: p.sign(sub=None),
    "an ID of somebody": lambda p: p.sign(header={"typ": "logout+jwt"}),
    "RS512": lambda p: p.sign(header={"alg": "RS512"}),
    "a list of what is critical that is none": lambda p: (
        f"{encode({'alg': 'RS256', 'kid': 'first', 'crit': 5})}.{encode(p.claims())}.AA"
    ),
    "a subject that is no text": lambda p: p.sign(sub="a\0da"),
    "an end past all times": lambda p: p.sign(exp=10**400),
    "no JSON": lambda p: "a.b.c",
    "nothing": lambda p: "..",
    "letters that are none": lambda p: "é.é.é",
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_wrong_is_refused(provider: Provider, wrong: str) -> None:
    with pytest.raises(NotAuthenticated):
        await provider.open().verify(WRONG[wrong](provider))


async def test_a_clock_may_be_a_little_off(provider: Provider) -> None:
    issuer = provider.open()
    withins: list[dict[str, Any]] = [
        {"exp": int(provider.now) - SKEW + 5},
        {"nbf": int(provider.now) + SKEW - 5, "iat": int(provider.now) + SKEW - 5},
    ]
    for within in withins:
        assert (await issuer.verify(provider.sign(**within))).subject == "ada"


async def test_keys_are_rotated(provider: Provider) -> None:
    issuer = provider.open()
    old = provider.key
    await issuer.verify(provider.sign())
    provider.now += ASKED_SECONDS + 1
    provider.key = RSAKey.generate_key(2048, {"kid": "second"})
    provider.publish(old, provider.key)
    # A name that is new is asked for at once. Who uses it first, and has not the key, is refused as ever.
    with pytest.raises(NotAuthenticated, match="signed"):
        await issuer.verify(provider.sign(RSAKey.generate_key(2048, {"kid": "second"})))
    assert len(provider.asked) == 4
    assert (await issuer.verify(provider.sign())).subject == "ada"
    assert (await issuer.verify(provider.sign(old))).subject == "ada"
    # The old one is withdrawn: it is taken until the keys are fetched again.
    provider.publish(provider.key)
    provider.now += KEPT_SECONDS + 1
    assert (await issuer.verify(provider.sign())).subject == "ada"
    with pytest.raises(NotAuthenticated, match="not one of its issuer's"):
        await issuer.verify(provider.sign(old))


async def test_a_stranger_cannot_make_us_ask_again_and_again(provider: Provider) -> None:
    issuer = provider.open(f"{provider.issuer}/keys")
    unknown = provider.sign(RSAKey.generate_key(2048, {"kid": "unknown"}))
    for _ in range(20):
        with pytest.raises(NotAuthenticated):
            await issuer.verify(unknown)
    assert len(provider.asked) == 1
    provider.now += ASKED_SECONDS + 1
    for _ in range(20):
        with pytest.raises(NotAuthenticated):
            await issuer.verify(unknown)
    assert len(provider.asked) == 2


FAULTS: dict[str, dict[str, Any]] = {
    "an error": {"broken": True},
    "no HTTP": {"babbles": True},
    "keys that are none": {"published": ["first"]},
    "no keys": {"published": None},
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_keys_that_cannot_be_fetched_again_stay(provider: Provider, fault: str) -> None:
    issuer = provider.open()
    await issuer.verify(provider.sign())
    for name, value in FAULTS[fault].items():
        setattr(provider, name, value)
    provider.now += KEPT_SECONDS + 1
    assert (await issuer.verify(provider.sign())).subject == "ada"


async def test_nobody_waits_for_a_provider_that_failed_before(provider: Provider) -> None:
    """While it is away each look takes seconds, and one is due all the time."""
    issuer = provider.open()
    await issuer.verify(provider.sign())
    provider.broken = True
    provider.now += KEPT_SECONDS + 1
    await issuer.verify(provider.sign())
    provider.broken = False
    provider.answers.clear()
    provider.reached.clear()
    provider.now += ASKED_SECONDS + 1
    asked = len(provider.asked)
    try:
        for _ in range(3):
            assert (await issuer.verify(provider.sign())).subject == "ada"
        await asyncio.to_thread(provider.reached.wait)
        assert (await issuer.verify(provider.sign())).subject == "ada"
        assert issuer._turn.locked(), "it is being asked still"
    finally:
        provider.answers.set()
    async with issuer._turn:
        pass
    assert len(provider.asked) == asked + 2, "the configuration and the keys, once"
    # It is back: what it published meanwhile is known.
    old, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": "second"})
    provider.publish(provider.key)
    provider.now += KEPT_SECONDS + 1
    assert (await issuer.verify(provider.sign())).subject == "ada"
    with pytest.raises(NotAuthenticated, match="not one of its issuer's"):
        await issuer.verify(provider.sign(old))


@pytest.mark.parametrize("keys_url", [None, "{}/moved", "ftp://127.0.0.1/keys", "file:///etc/hostname"])
async def test_without_keys_nobody_is_let_in_and_nobody_refused(
    provider: Provider, keys_url: str | None
) -> None:
    provider.broken = keys_url is None
    issuer = provider.open(keys_url and keys_url.format(provider.issuer))
    for _ in range(3):
        with pytest.raises(IssuerUnavailable):
            await issuer.verify(provider.sign())
    # And it is not asked each time.
    assert len(provider.asked) == (keys_url in (None, "{}/moved"))


async def test_only_keys_for_signatures_count(provider: Provider) -> None:
    secret = OctKey.generate_key(256, {"kid": "secret"})
    provider.publish(provider.key, use="enc")
    provider.published += [secret.as_dict(private=True), {"kty": "??", "kid": "x"}, {}]
    with pytest.raises(IssuerUnavailable):
        await provider.open().verify(provider.sign())
    provider.publish(provider.key, alg="PS256")
    with pytest.raises(NotAuthenticated):
        await provider.open().verify(provider.sign())


async def test_of_what_a_provider_publishes_there_is_an_end(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys_url = f"{provider.issuer}/keys"
    provider.padding = b" " * 10
    length = len(provider.answer("/keys")[1])
    monkeypatch.setattr("app.auth.issuers.MAX_BYTES", length)
    assert (await provider.open(keys_url).verify(provider.sign())).subject == "ada"
    monkeypatch.setattr("app.auth.issuers.MAX_BYTES", length - 1)
    with pytest.raises(IssuerUnavailable):
        await provider.open(keys_url).verify(provider.sign())
    monkeypatch.undo()
    provider.published = [*[{}] * (MAX_KEYS - 1), *provider.published]
    assert (await provider.open(keys_url).verify(provider.sign())).subject == "ada"
    provider.published = [{}, *provider.published]
    with pytest.raises(IssuerUnavailable):
        await provider.open(keys_url).verify(provider.sign())


async def test_a_token_without_a_key_name_needs_the_only_key(provider: Provider) -> None:
    unnamed = provider.sign(header={"kid": None})
    assert (await provider.open().verify(unnamed)).subject == "ada"
    provider.publish(provider.key, RSAKey.generate_key(2048, {"kid": "second"}))
    with pytest.raises(NotAuthenticated):
        await provider.open().verify(unnamed)


async def test_a_subject_is_the_researcher_it_was_linked_to(
    provider: Provider,
    committed_database: Database,
    viewer: Viewer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.auth.issuers.time", lambda: provider.now)
    monkeypatch.setattr("app.auth.authenticator.time", lambda: provider.now)
    settings = settings.model_copy(update={"oidc_issuer": provider.issuer, "oidc_audience": AUDIENCE})
    authenticator = Authenticator(committed_database, settings)
    authenticator._issuer = provider.open()
    token = bearing(provider.sign())
    with pytest.raises(NotAuthenticated, match="No researcher"):
        await authenticator(token)
    nadia = await make_viewer(committed_database, Role.EDITOR)
    linked = (nadia.researcher, provider.issuer, "ada")
    await perform(committed_database, viewer, link_identity, *linked)
    known = await authenticator(token)
    assert known == nadia
    # No token that it makes lasts longer than it is taken.
    assert known.until == datetime.fromtimestamp(int(provider.now) + 300 + SKEW, UTC)
    # What is of another issuer is somebody else.
    with pytest.raises(NotAuthenticated):
        await authenticator(bearing(provider.sign(iss="https://other.example")))
    await perform(committed_database, viewer, change_role, nadia.researcher, Role.READER)
    authenticator.forget()
    assert (await authenticator(token)).role is Role.READER
    await perform(committed_database, viewer, disable_researcher, nadia.researcher)
    authenticator.forget()
    with pytest.raises(NotAuthenticated):
        await authenticator(token)
    omar = await make_viewer(committed_database, Role.RESEARCHER)
    await perform(committed_database, viewer, link_identity, omar.researcher, provider.issuer, "ada")
    assert await authenticator(token) == omar
    await perform(committed_database, viewer, unlink_identity, provider.issuer, "ada")
    authenticator.forget()
    with pytest.raises(NotAuthenticated):
        await authenticator(token)


def test_an_issuer_needs_an_audience(settings: Settings) -> None:
    with pytest.raises(SettingInvalid, match="SAYSO_OIDC_AUDIENCE"):
        Issuer.from_settings(settings.model_copy(update={"oidc_issuer": "https://id.example"}))
    assert Issuer.from_settings(settings) is None


@pytest.mark.parametrize("url", ["http://id.example", "ftp://id.example", "https://", "file:///keys"])
def test_an_issuer_is_reached_by_tls_or_on_this_machine(url: str) -> None:
    with pytest.raises(ValueError, match="oidc_issuer"):
        Settings(oidc_issuer=url)
