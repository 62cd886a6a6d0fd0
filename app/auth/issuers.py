"""Access tokens of somebody else's: JWTs that an OpenID Connect provider signed (RFC 7519, RFC 9068).

Its keys are fetched when they are needed, kept for a while, and fetched again when a token names one that is
not among them, so that keys can be rotated. What is accepted is said here, not by the token: signatures by
asymmetric keys alone, of this issuer, for this audience, within their time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from time import time
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key
from joserfc.jws import CompactSignature

from app.domain.tokens import MARK
from app.errors import IssuerUnavailable, NotAuthenticated, SettingInvalid
from app.settings import WEB_URL, Settings

log = logging.getLogger(__name__)

# Whoever knows a key of these can only check with it: none is a secret that two hold.
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "Ed25519")
TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
KEPT_SECONDS = 600.0
# A token can name any key: so often may that make us ask, at most.
ASKED_SECONDS = 10.0
FETCH_SECONDS = 5.0
MAX_BYTES = 1_000_000
# The year 9999.
LAST_SECOND = 253_402_300_799
MAX_KEYS = 100

Key = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a token is about, and until when (seconds since 1970)."""

    issuer: str
    subject: str
    until: float


def is_jwt(letters: str) -> bool:
    """Whether a credential has the form of a JWT that is signed and not encrypted."""
    return letters.isascii() and letters.count(".") == 2 and not letters.startswith(MARK)


class Issuer:
    """One provider. `clock` gives seconds since 1970."""

    def __init__(
        self, issuer: str, audience: str, keys_url: str | None, skew: int, clock: Callable[[], float] = time
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys_url = keys_url
        self._skew = skew
        self._clock = clock
        self._keys: Mapping[str | None, Key] = {}
        self._fetched = self._asked = float("-inf")
        self._turn = asyncio.Lock()
        self._renewal: asyncio.Future[None] | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Issuer | None:
        """The provider that the settings name, if they do. Raises SettingInvalid."""
        if settings.oidc_issuer is None:
            return None
        if settings.oidc_audience is None:
            raise SettingInvalid("SAYSO_OIDC_ISSUER is set, and SAYSO_OIDC_AUDIENCE is not.")
        url = settings.oidc_jwks_url
        return cls(settings.oidc_issuer, settings.oidc_audience, url, settings.oidc_clock_skew_seconds)

    async def verify(self, letters: str) -> Subject:
        """Whom the token is about. Raises NotAuthenticated, and IssuerUnavailable without any keys."""
        await self._renew()
        try:
            token = await self._decode(letters)
        except _UnknownKey:
            raise NotAuthenticated("The token's key is not one of its issuer's.") from None
        except (JoseError, ValueError, TypeError) as problem:
            # TypeError: joserfc goes through a header's `crit` before it looks at what that is.
            raise NotAuthenticated("The token is not one that its issuer signed.") from problem
        return self._read(token)

    async def _decode(self, letters: str) -> jwt.Token:
        """The token, its signature checked, with keys that are fetched again if its own is not among them."""
        try:
            return jwt.decode(letters, self._find_key, algorithms=ALGORITHMS)
        except _UnknownKey:
            await self._refresh(ASKED_SECONDS)
        return jwt.decode(letters, self._find_key, algorithms=ALGORITHMS)

    def _find_key(self, signature: Any) -> Key:
        assert isinstance(signature, CompactSignature)
        header = signature.headers()
        kid = header.get("kid")
        if kid is None and len(self._keys) == 1:
            (key,) = self._keys.values()
        elif kid in self._keys:
            key = self._keys[kid]
        else:
            raise _UnknownKey
        if key.alg not in (None, header.get("alg")):
            raise ValueError("the key is for another algorithm")
        return key

    def _read(self, token: jwt.Token) -> Subject:
        if str(token.header.get("typ", "jwt")).lower() not in TYPES:
            raise NotAuthenticated("The token is no access token.")
        claims = jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=self._skew,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            claims.validate(token.claims)
        except JoseError as problem:
            raise NotAuthenticated(
                f"The token is not for now, or not for here: {problem.description}"
            ) from None
        subject, until = token.claims["sub"], token.claims["exp"]
        # No text of Postgres's has a NUL, and no float is as large as a number of JSON can be.
        if "\0" in subject or not -LAST_SECOND < until < LAST_SECOND:
            raise NotAuthenticated("The token's subject or its end is none that can be looked up.")
        return Subject(self._issuer, subject, float(until) + self._skew)

    async def _renew(self) -> None:
        """Have the keys fetched if they are old. Once that has failed nobody waits for it: keys are there."""
        now = self._clock()
        if now - self._fetched < KEPT_SECONDS:
            return
        if not self._keys or self._asked <= self._fetched:
            await self._refresh(KEPT_SECONDS)
        elif self._renewal is None or self._renewal.done():
            self._renewal = asyncio.ensure_future(self._refresh(KEPT_SECONDS))

    async def _refresh(self, seconds: float) -> None:
        """Fetch the keys unless they are this new. What cannot be fetched leaves those that there are."""
        async with self._turn:
            now = self._clock()
            if now - self._fetched < seconds or now - self._asked < ASKED_SECONDS:
                if not self._keys:
                    raise IssuerUnavailable
                return
            self._asked = now
            try:
                self._keys = await asyncio.to_thread(self._fetch_keys)
                self._fetched = now
            except (OSError, HTTPException, ValueError, TypeError, LookupError, AttributeError) as problem:
                # Whatever it answers, and in whatever form: it is not ours.
                log.warning("the keys of the issuer cannot be fetched: %s", problem)
            if not self._keys:
                raise IssuerUnavailable

    def _fetch_keys(self) -> dict[str | None, Key]:
        url = self._keys_url
        if url is None:
            url = fetch(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")["jwks_uri"]
        return read_keys(fetch(url)["keys"])


class _UnknownKey(Exception):
    """The token names a key that is not known."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keys come from where the settings say."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def fetch(url: str) -> Any:
    """The JSON at a URL. Blocks. Raises OSError, ValueError."""
    if not re.match(WEB_URL, url):
        raise ValueError("keys come by TLS, or from this machine")
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(url, timeout=FETCH_SECONDS) as answer:
        body = answer.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise ValueError("the answer is too large")
    return json.loads(body)


def read_keys(published: Sequence[Mapping[str, Any]]) -> dict[str | None, Key]:
    """The keys of a JWKS that tokens can be checked with, by their ids. Others are passed over."""
    keys: dict[str | None, Key] = {}
    for each in published[:MAX_KEYS]:
        if each.get("use", "sig") != "sig":
            continue
        try:
            key = import_key(dict(each))
        except (JoseError, ValueError, KeyError, TypeError) as problem:
            log.warning("a key of the issuer cannot be read: %s", type(problem).__name__)
            continue
        if isinstance(key, RSAKey | ECKey | OKPKey):
            keys[key.kid] = key
    return keys
