"""One URL for those who record, another for the owner: each command takes the one it needs."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from app.models.roles import APPLICATION
from app.services.schema import let_application_in
from tests.cli.conftest import Sayso
from tests.cli.test_backups import BUNDLE


@pytest.fixture
async def urls(dsn: str) -> dict[str, str]:
    await let_application_in(dsn)
    return {"SAYSO_DATABASE_URL": dsn.replace("sayso@", f"{APPLICATION}@", 1), "SAYSO_OWNER_URL": dsn}


async def test_the_owner_s_commands_need_the_owner(
    sayso: Sayso, urls: dict[str, str], tmp_path: Path
) -> None:
    bundle, dump = tmp_path / "bundle.yaml", tmp_path / "a.dump"
    bundle.write_text(BUNDLE)
    alone = {"SAYSO_DATABASE_URL": urls["SAYSO_DATABASE_URL"]}
    for recorded in (("import", str(bundle)), ("recompute",), ("seal",), ("verify",), ("export",)):
        assert sayso.run(*recorded, **alone).returncode == 0, recorded
    assert sayso.run("researcher", "add", "Ada", **alone).returncode == 0
    connection = await asyncpg.connect(urls["SAYSO_OWNER_URL"])
    agent = await connection.fetchval("SELECT 'agent_' || id FROM agent")
    await connection.close()
    owned = (
        ("redact", agent, "name", "--reason", "An order", "--yes"),
        ("backup", str(dump)),
        ("restore", str(dump), "--replace"),
    )
    for command in owned:
        assert sayso.run(*command, **urls).returncode == 0, command
        refused = sayso.run(*command, **alone)
        assert (refused.returncode, "SAYSO_OWNER_URL" in refused.stderr) == (3, True), refused.stderr
    assert sayso.run("verify", **alone).returncode == 0


async def test_who_may_not_read_is_told_that_it_is_refused(sayso: Sayso, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE ROLE stranger LOGIN")
    refused = sayso.run("status", SAYSO_DATABASE_URL=dsn.replace("sayso@", "stranger@", 1))
    await connection.execute("DROP ROLE stranger")
    await connection.close()
    assert refused.returncode == 3
    assert refused.stderr.startswith("Error: The database refused: permission denied")
    assert "SAYSO_OWNER_URL" in refused.stderr


def test_an_owner_s_url_alone_is_refused(sayso: Sayso) -> None:
    refused = sayso.run("migrate", SAYSO_OWNER_URL="postgresql://127.0.0.1:1/x")
    assert refused.returncode == 3
    assert "set both" in refused.stderr
    named = sayso.run(
        "--database-url", "postgresql://127.0.0.1:1/y", "migrate", SAYSO_OWNER_URL="postgresql://h/x"
    )
    assert "127.0.0.1" in named.stderr
