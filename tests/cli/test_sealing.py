from __future__ import annotations

import io
import json
import re
import time

import pytest

from app.cli.sealing import read_mark
from app.models.roles import APPLICATION
from app.postgres import start_cluster
from tests.cli.conftest import Done, Sayso
from tests.conftest import SAMPLE
from tests.postgres.conftest import run_sql

USERS = "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'sayso'"
MARK = "1:" + "0a" * 32


@pytest.mark.parametrize("wrong", ["1", "1:", "x:" + "0a" * 32, "1:" + "0a" * 31, "1:" + "zz" * 32])
def test_a_seal_that_is_none_is_2(sayso: Sayso, wrong: str) -> None:
    assert sayso.run("verify", "--seal", wrong).returncode == 2
    assert read_mark(MARK) == (1, "0a" * 32)


def test_the_log_is_sealed_and_proved(sayso: Sayso) -> None:
    server = sayso.start("demo", SAYSO_SEAL_SECONDS="0.2")
    end = time.monotonic() + 30
    while not sayso.run("seals", "--count", "1").stdout and time.monotonic() < end:
        time.sleep(0.2)
    # The first may have been made while the sample was still being recorded.
    seal(sayso)
    sealed = sayso.run("seals", "--count", "1").stdout
    assert re.match(r"\d+:[0-9a-f]{64}  \d{4}-\d\d-\d\d", sealed)
    mark = sealed.split()[0]
    proved = sayso.run("verify", "--seal", mark)
    assert (proved.returncode, proved.stdout) == (0, "")
    assert "No fault." in proved.stderr
    told = json.loads(sayso.run("verify", "--json").stdout)
    assert (told["found"], told["faults"]) == (0, [])
    assert told["sealed"] > 200
    assert json.loads(sayso.run("seals", "--json").stdout)[-1]["seal"].startswith("1:")
    other = sayso.run("verify", "--seal", MARK)
    assert other.returncode == 1
    assert other.stdout == "seal 1 is not the one that was noted: the log was written anew\n"
    assert "\n1 fault.\n" in other.stderr
    made = seal(sayso)
    assert made.returncode == 0
    assert int(made.stdout.split(":")[0]) >= int(mark.split(":")[0])
    asked = server.query("{ newestSeal { number hash mark sealedAt changes } }")["newestSeal"]
    newest = json.loads(sayso.run("seals", "--count", "1", "--json").stdout)[0]
    assert (asked["mark"], asked["changes"]) == (newest["seal"], newest["revisions"])
    assert asked["mark"] == f"{asked['number']}:{asked['hash']}"
    assert sayso.run("verify", "--seal", asked["mark"]).returncode == 0
    with start_cluster(sayso.folder) as cluster:
        assert run_sql(cluster, USERS) == APPLICATION


def seal(sayso: Sayso) -> Done:
    """`sayso seal`, again where the server seals at that very moment."""
    end = time.monotonic() + 30
    while (made := sayso.run("seal")).returncode == 3 and time.monotonic() < end:
        assert "Another process seals the log" in made.stderr
    return made


def test_a_value_is_redacted_from_the_command_line(sayso: Sayso, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert sayso.run("import", str(SAMPLE)).returncode == 0
    with start_cluster(sayso.folder) as cluster:
        found = "SELECT 'agent_' || id FROM agent WHERE name ILIKE '%Esper%'"
        agent = run_sql(cluster, found)
        dry = sayso.run("redact", agent, "name", "--reason", "An order", "--dry-run")
        assert (dry.returncode, dry.stdout) == (0, "Mark Esper\n"), dry.stderr
        assert "Nothing was changed." in dry.stderr
        assert "The same words stand, or stood, in source " in dry.stderr
        asked = sayso.run("redact", agent, "name", "--reason", "An order")
        assert asked.returncode == 1, "the answer was no"
        assert run_sql(cluster, found) == agent
        done = sayso.run("redact", agent, "name", "--reason", "An order", "--yes")
        assert done.returncode == 0, done.stderr
        assert run_sql(cluster, found) == ""
        proved = sayso.run("verify")
        assert proved.returncode == 0
        assert "agent name, by local" in proved.stderr.replace(agent.replace("_", " "), "agent")
        assert sayso.run("redact", "x", "name", "--reason", "r").returncode == 2
        assert sayso.run("redact", agent, "kind", "--reason", "r").returncode == 3
