"""What is wrong with the environment: values that cannot be used, and names that nothing reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic_core import ErrorDetails

from app.settings import Settings

PREFIX = "SAYSO_"

_POSTGRES = "must begin with postgresql://"
_WEB = "must begin with https://, or with http:// and this machine's name"
# Of a list: what each of its items must be.
WANTED: Mapping[str, str] = {
    "database_url": _POSTGRES,
    "data_dir": "must be a folder",
    "host": "must be an address of this machine, or its name",
    "known_documents": "must be a file",
    "oidc_audience": "must be what the tokens for this server name",
    "researcher": "must be a name",
    "owner_url": _POSTGRES,
    "oidc_issuer": _WEB,
    "oidc_jwks_url": _WEB,
    "allowed_hosts": "must be a name without a port, such as sayso.example or *.news.example, or *",
    "allowed_origins": "must be an origin, such as https://desk.example (with no path), or *",
    "trusted_proxies": "must be an address, or a network such as 10.0.0.0/8 (not 10.0.0.7/8)",
    "metrics": "must be on, or HOST:PORT, such as 127.0.0.1:9464",
}
EMPTY = ", and is empty; leave it out for the default"
# Of a setting without words of its own.
_KINDS: Mapping[object, str] = {int: "a whole number", float: "a number", bool: "true or false"}

# Names of ours that are no settings: of the composition in docker/, and of programs that ask a server.
OTHERS = frozenset({"POSTGRES_PASSWORD", "APPLICATION_PASSWORD", "URL", "TOKEN"})


def explain_faults(faults: Iterable[ErrorDetails], given: Mapping[str, object]) -> str:
    """A line for each fault. Settings that were given on the command line are called by their options.

    No value is shown: a URL has a password in it.
    """
    return "\n".join(_explain(fault, given) for fault in faults)


def _explain(fault: ErrorDetails, given: Mapping[str, object]) -> str:
    setting, *item = fault["loc"]
    name = str(setting)
    told = name_variable(name) if given.get(name) is None else f"--{name.replace('_', '-')}"
    place = f", item {int(item[0]) + 1}" if item else ""
    given_value = fault["input"]
    # That it is no value at all does not show in a shell, where it was to come from another variable.
    blank = isinstance(given_value, str) and not given_value.strip()
    return f"{told}{place}: {spell_wanted(name)}{EMPTY if blank else ''}"


def spell_wanted(name: str) -> str:
    """What a setting must be.

    >>> spell_wanted("port")
    'must be a whole number from 0 to 65535'
    >>> spell_wanted("send_seconds")
    'must be a number, above 0 and at most 3600'
    >>> spell_wanted("etags")
    'must be true or false'
    """
    if name in WANTED:
        return WANTED[name]
    field = Settings.model_fields[name]
    kind = _KINDS.get(field.annotation)
    return "cannot be used" if kind is None else f"must be {kind}{_spell_bounds(field.metadata)}"


def _spell_bounds(metadata: Iterable[object]) -> str:
    bounds = {
        name: bound
        for each in metadata
        for name in ("gt", "ge", "le")
        if (bound := getattr(each, name, None)) is not None
    }
    if bounds.keys() == {"ge", "le"}:
        return f" from {bounds['ge']} to {bounds['le']}"
    words = {"gt": "above", "ge": "at least", "le": "at most"}
    told = " and ".join(f"{words[name]} {bound}" for name, bound in bounds.items())
    return f", {told}" if told else ""


def find_unread(environment: Iterable[str]) -> list[str]:
    """A sentence for each variable that has our prefix and is no setting, with the one that may be meant.

    >>> find_unread(["SAYSO_PROT", "SAYSO_PORT", "PATH"])
    ['SAYSO_PROT is no setting, and nothing reads it; did you mean SAYSO_PORT?']
    """
    # Pydantic takes a name in capitals or not.
    names = {each: each[len(PREFIX) :] for each in sorted(environment) if each.upper().startswith(PREFIX)}
    return [
        f"{each} is no setting, and nothing reads it; {_suggest(name)}"
        for each, name in names.items()
        if name.lower() not in Settings.model_fields and name.upper() not in OTHERS
    ]


def _suggest(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), Settings.model_fields, n=1)
    return f"did you mean {name_variable(near[0])}?" if near else "docs/operations.md lists those that are."


def name_variable(setting: str) -> str:
    return f"{PREFIX}{setting.upper()}"
