"""What docker/compose.yml sets up, on a PostgreSQL of our own: two logins, each for what it is meant."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import yaml

from app.postgres import RunningCluster, find_binary, start_cluster
from tests.cli.conftest import ROOT, Sayso
from tests.cli.test_backups import BUNDLE

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
SCRIPT = ROOT / "docker" / "application.sql"
PASSWORD = 'it\'s "$any" \\ %character'
NOBODY_S_PASSWORD = "another"
RULES = "local all sayso peer map=sayso\nlocal all sayso_app scram-sha-256\n"

RIGHTS = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS may_more,
       (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid) AS relations,
       (SELECT count(*) FROM pg_database d WHERE d.datdba = r.oid) AS databases,
       ARRAY(SELECT m.roleid::regrole::text FROM pg_auth_members m WHERE m.member = r.oid ORDER BY 1) AS roles
FROM pg_roles r WHERE rolname = 'sayso_app'
"""
REFUSED = (
    "SET ROLE sayso",
    "ALTER TABLE revision DISABLE TRIGGER ALL",
    "DELETE FROM revision",
    "DROP TABLE claim",
    "CREATE ROLE mine SUPERUSER",
    "CREATE TABLE public.mine ()",
)


@pytest.fixture
def cluster(sayso: Sayso) -> Iterator[RunningCluster]:
    """A new one, where the login of the server has to show its password."""
    with start_cluster(sayso.folder, durable=False) as cluster:
        (sayso.folder / "postgres" / "pg_hba.conf").write_text(RULES)
        run_sql(cluster, "--command", "SELECT pg_reload_conf()")
        yield cluster


def run_sql(cluster: RunningCluster, *arguments: str, **variables: str) -> None:
    """As the entry point of the postgres image runs a file of its folder."""
    command = [
        str(find_binary("psql")),
        "--set",
        "ON_ERROR_STOP=1",
        "--no-password",
        "--no-psqlrc",
        "--quiet",
    ]
    done = subprocess.run(
        [*command, cluster.dsn(), *arguments], env=os.environ | variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def environment_of(service: str, cluster: RunningCluster) -> dict[str, str]:
    """What the service is given, at this server instead of the one in the composition."""
    given: dict[str, str] = SERVICES[service]["environment"]
    here = {}
    for name, value in given.items():
        if name.endswith("_URL"):
            login = value.removeprefix("postgresql://").split("@")[0]
            here[name] = cluster.dsn().replace("sayso@", f"{login}@", 1)
    return here


def ask_server(sayso: Sayso, token: str, log: Path, alone: dict[str, str]) -> None:
    process = sayso.begin("serve", "--port", "0", log=log, **alone)
    assert process.stdout is not None
    url = process.stdout.readline().split()[1]
    with httpx.Client(headers={"authorization": f"Bearer {token}"}, timeout=30) as client:

        def ask(query: str) -> Any:
            return client.post(url, json={"query": query}).json()["data"]

        assert client.get(url.replace("/graphql", "/readyz")).status_code == 200
        recorded = ask('mutation { recordEvent(input: { title: "A fire" }) { __typename } }')
        assert recorded == {"recordEvent": {"__typename": "EventPayload"}}
        totals = ask("{ access { role } agents { totalCount } events { totalCount } }")
        assert totals == {
            "access": {"role": "ADMIN"},
            "agents": {"totalCount": 1},
            "events": {"totalCount": 1},
        }


def test_each_service_has_the_login_that_is_meant_for_it() -> None:
    migrate, serve = SERVICES["migrate"]["environment"], SERVICES["sayso"]["environment"]
    assert serve == {
        "SAYSO_DATABASE_URL": "postgresql://sayso_app@postgres:5432/sayso",
        "PGPASSWORD": "${SAYSO_APPLICATION_PASSWORD}",
    }
    assert migrate["SAYSO_OWNER_URL"] == "postgresql://sayso@postgres:5432/sayso"
    assert migrate["PGPASSWORD"] == "${SAYSO_POSTGRES_PASSWORD}"
    assert f"./{SCRIPT.name}:/docker-entrypoint-initdb.d/{SCRIPT.name}:ro" in SERVICES["postgres"]["volumes"]
    for name, value in SERVICES["postgres"]["environment"].items():
        assert not name.endswith("PASSWORD") or value.startswith("${"), "secrets come from outside"


async def test_the_server_s_login_is_enough_for_the_server_and_no_more(
    sayso: Sayso, cluster: RunningCluster, tmp_path: Path
) -> None:
    for password in (NOBODY_S_PASSWORD, PASSWORD):
        await asyncio.to_thread(run_sql, cluster, "--file", str(SCRIPT), APPLICATION_PASSWORD=password)
    migrated = sayso.run("migrate", **environment_of("migrate", cluster))
    assert migrated.returncode == 0, migrated.stderr

    alone = environment_of("sayso", cluster) | {"PGPASSWORD": PASSWORD}
    bundle = tmp_path / "bundle.yaml"
    bundle.write_text(BUNDLE)
    for command in (("import", str(bundle)), ("recompute",), ("seal",), ("verify",), ("export",)):
        done = sayso.run(*command, **alone)
        assert done.returncode == 0, (command, done.stderr)
    token = sayso.run("token", "create", **alone).stdout.strip()
    await asyncio.to_thread(ask_server, sayso, token, tmp_path / "log", alone)
    assert sayso.run("backup", str(tmp_path / "a.dump"), **alone).returncode == 3

    url = alone["SAYSO_DATABASE_URL"]
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url, password=NOBODY_S_PASSWORD)
    connection = await asyncpg.connect(url, password=PASSWORD)
    try:
        (row,) = await connection.fetch(RIGHTS)
        assert dict(row) == {
            "may_more": False,
            "relations": 0,
            "databases": 0,
            "roles": ["sayso_outsider", "sayso_writer"],
        }
        for statement in REFUSED:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()
