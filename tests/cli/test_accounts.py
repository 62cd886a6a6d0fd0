"""Accounts and tokens from the command line."""

from __future__ import annotations

import json
import socket
from dataclasses import replace

from app.database import Database
from app.domain.tokens import is_token
from app.permissions import Viewer
from app.postgres import start_cluster
from app.services.tokens import NewToken, create_token
from app.settings import Settings
from tests.cli.conftest import Done, Sayso
from tests.factories import perform


def test_accounts_and_tokens_come_and_go(sayso: Sayso) -> None:
    done = sayso.run("researcher", "add", "Nadia", "--role", "editor", "--email", "nadia@example.org")
    assert done.returncode == 0, done.stderr
    assert "sayso token create --researcher 'Nadia'" in done.stderr
    with start_cluster(sayso.folder):  # or each command would start it
        manage_accounts(sayso)


def manage_accounts(sayso: Sayso) -> None:
    assert sayso.run("researcher", "add", "Nadia").returncode == 3
    made = sayso.run("token", "create", "--researcher", "Nadia", "--role", "reader", "--days", "1")
    letters = made.stdout.strip()
    assert is_token(letters)
    (listed,) = json.loads(sayso.run("token", "list", "--json").stdout)
    assert (listed["prefix"], listed["researcher"], listed["role"]) == (letters[:14], "Nadia", "READER")
    assert listed["state"] == "valid"
    assert letters not in sayso.run("token", "list").stdout

    refused = sayso.run("token", "create", "--researcher", "Nadia", "--role", "ADMIN")
    assert refused.returncode == 3
    assert "is higher than EDITOR" in refused.stderr
    for command in ("create", "list"):
        nobody = sayso.run("token", command, "--researcher", "Omar")
        assert (nobody.returncode, nobody.stdout) == (3, "")
        assert "nobody is called 'Omar'" in nobody.stderr

    assert sayso.run("researcher", "role", "Nadia", "reader").returncode == 0
    assert sayso.run("researcher", "disable", "Nadia").returncode == 0
    table = sayso.run("researcher", "list").stdout.splitlines()
    assert [line.split() for line in table] == [
        ["name", "role", "email", "tokens", "disabled"],
        ["Nadia", "READER", "nadia@example.org", "1", "yes"],
        ["local", "ADMIN", "-", "0", "no"],
    ]
    assert sayso.run("researcher", "enable", "Nadia").returncode == 0

    assert sayso.run("token", "revoke", letters).returncode == 0
    assert sayso.run("token", "revoke", letters[:14]).returncode == 3
    (listed,) = json.loads(sayso.run("token", "list", "--researcher", "Nadia", "--json").stdout)
    assert listed["state"] == "revoked"
    issuer = {"SAYSO_OIDC_ISSUER": "https://id.example", "SAYSO_OIDC_AUDIENCE": "sayso"}
    assert sayso.run("researcher", "link", "Nadia", "sub-1").returncode == 3
    assert sayso.run("researcher", "link", "Nadia", "sub-1", **issuer).returncode == 0
    assert sayso.run("researcher", "unlink", "sub-1", **issuer).returncode == 0
    assert sayso.run("researcher", "unlink", "sub-1", **issuer).returncode == 3
    last = sayso.run("researcher", "disable", "local")
    assert (last.returncode, "is the last ADMIN" in last.stderr) == (3, True)


async def test_what_was_made_with_a_revoked_token_is_listed(sayso: Sayso, dsn: str, viewer: Viewer) -> None:
    database = await Database.open(dsn, Settings())
    first = await perform(database, viewer, create_token, NewToken("first"))
    second = await perform(database, replace(viewer, token=first.key), create_token, NewToken("second"))
    await database.close()

    def run(*arguments: str) -> Done:
        return sayso.run("--database-url", dsn, "token", *arguments)

    prefix, other = first.letters[:14], second.letters[:14]
    done = run("revoke", prefix)
    again = f"sayso token revoke {prefix} --made-with-it"
    assert done.stderr == (
        f"Revoked.\nWarning: 1 token made with it can be used still.\nTo revoke them too: {again}\n"
    )
    assert done.stdout.splitlines()[1].split()[:2] == [other, "second"]
    states = {each["prefix"]: each for each in json.loads(run("list", "--json").stdout)}
    assert (states[prefix]["state"], states[other]["state"]) == ("revoked", "valid")
    assert states[other]["made_with"] == prefix
    done = run(*again.split()[2:])
    assert (done.returncode, done.stderr) == (0, "Revoked.\nWith 1 token made with it:\n")
    states = {each["prefix"]: each for each in json.loads(run("list", "--json").stdout)}
    assert states[other]["state"] == "revoked"
    assert run(*again.split()[2:]).returncode == 3


def test_a_link_to_where_nothing_listens_is_said_to_be_one(sayso: Sayso) -> None:
    with start_cluster(sayso.folder, durable=False):
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
            made = sayso.run("sign-in", "--port", url.rpartition(":")[2])
        assert made.returncode == 0, made.stderr
        assert made.stdout.startswith(f"{url}/sign-in#")
        assert "nothing listens" not in made.stderr
        again = sayso.run("sign-in", "--port", url.rpartition(":")[2])
        assert again.returncode == 0
        assert again.stdout.startswith(f"{url}/sign-in#")
        assert f"Warning: nothing listens at {url}." in again.stderr
    unknown = sayso.run("sign-in", SAYSO_PORT="0")
    assert (unknown.returncode, "--port" in unknown.stderr) == (3, True)
