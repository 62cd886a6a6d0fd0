"""The role as which Sayso works: it can add to the log, and change nothing of it, whatever it sends."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.database import Database
from app.models.functions import KEPT_PATH, OWNERS, TRIGGERED
from app.models.roles import APPLICATION, OUTSIDER, RIGHTS, WRITER
from app.permissions import Viewer
from app.services.schema import let_application_in
from tests.factories import make_claim
from tests.services.reading import read_revisions

# What is only ever added to, and whom it is no business of Sayso's to change.
LOG = ("revision", "act", "status_change", "sealed_revision", "seal", "redaction", "alembic_version")
RELATIONS = """
SELECT relname, relkind::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S') ORDER BY relname
"""
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
REFUSED = (
    "UPDATE {0} SET {1} = {1}",
    "DELETE FROM {0}",
    "TRUNCATE {0} CASCADE",
    "MERGE INTO {0} USING (VALUES (1)) v ON true WHEN MATCHED THEN DELETE",
    "SELECT * FROM {0} FOR UPDATE",
    "SELECT; LOCK TABLE {0} IN EXCLUSIVE MODE",
    "DROP TABLE {0} CASCADE",
    "ALTER TABLE {0} DISABLE TRIGGER ALL",
    "ALTER TABLE {0} DROP COLUMN {1} CASCADE",
    "ALTER TABLE {0} OWNER TO CURRENT_USER",
    "ALTER TABLE {0} RENAME TO another",
    "CREATE RULE lose AS ON INSERT TO {0} DO INSTEAD NOTHING",
    "CREATE TRIGGER lose BEFORE INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION public.refuse_change()",
    "CREATE POLICY lose ON {0}",
)


@pytest.fixture
async def application(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Logged in as the embedded server is, and at work as `sayso_writer`."""
    await let_application_in(dsn)
    theirs = dsn.replace("sayso@", f"{APPLICATION}@", 1)
    connection = await asyncpg.connect(theirs, server_settings={"role": WRITER}, statement_cache_size=0)
    yield connection
    await connection.close()


async def test_every_relation_has_the_rights_that_are_listed_and_no_others(
    application: asyncpg.Connection,
) -> None:
    relations = {row["relname"]: row["relkind"] for row in await application.fetch(RELATIONS)}
    assert relations.keys() - {"alembic_version"} >= RIGHTS.keys()
    for relation, kind in relations.items():
        listed = RIGHTS.get(relation, "SELECT" if relation == "alembic_version" else "")
        if kind == "S":
            allowed = {
                right
                for right in ("USAGE", "SELECT", "UPDATE")
                if await application.fetchval("SELECT has_sequence_privilege($1, $2)", relation, right)
            }
        else:
            allowed = {
                right
                for right in PRIVILEGES
                if await application.fetchval("SELECT has_table_privilege($1, $2)", relation, right)
            }
            if "INSERT (" in listed:
                assert "INSERT" not in allowed
                allowed.add("INSERT")
        assert allowed == {right.split(" ")[0] for right in listed.partition(" (")[0].split(", ") if right}
        assert not allowed & {"TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}
        if relation in LOG:
            assert allowed <= {"SELECT", "INSERT"}


@pytest.mark.parametrize("table", LOG)
async def test_the_log_is_refused_by_privilege(application: asyncpg.Connection, table: str) -> None:
    column = await application.fetchval(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass ORDER BY attnum DESC LIMIT 1",
        table,
    )
    # Postgres warns that nothing was granted.
    await application.execute(f"GRANT ALL ON public.{table} TO {APPLICATION}, {WRITER}")
    for role in (WRITER, "NONE", OUTSIDER):
        await application.execute(f"SET ROLE {role}")
        for statement in REFUSED:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await application.execute(statement.format(f"public.{table}", f'"{column}"'))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO revision (id, table_name, row_id, subject, operation) OVERRIDING SYSTEM VALUE"
        " VALUES (1, 'agent', uuidv7(), uuidv7(), 'INSERT')",
        "INSERT INTO revision (at, table_name, row_id, subject, operation)"
        " VALUES ('2001-01-01', 'agent', uuidv7(), uuidv7(), 'INSERT')",
        "INSERT INTO revision (transaction, table_name, row_id, subject, operation)"
        " VALUES ('3', 'agent', uuidv7(), uuidv7(), 'INSERT')",
        "INSERT INTO revision (table_name, row_id, subject, operation)"
        " VALUES ('agent', uuidv7(), uuidv7(), 'INSERT')",
        "INSERT INTO status_change (since) VALUES ('2001-01-01')",
        "INSERT INTO status_change (revision) VALUES (1)",
        "INSERT INTO act (ended, first_revision) VALUES ('2001-01-01', 1)",
        "INSERT INTO act (transaction, first_revision) VALUES ('3', 1)",
        "INSERT INTO act (first_revision) VALUES (1)",
        *(
            f"CREATE TEMP TABLE {name} (id uuid);"
            f" CREATE TRIGGER forge AFTER INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION public.{name}('id')"
            for name in OWNERS
        ),
        "INSERT INTO redaction (table_name, row_id, subject, fields, reason, recorded_by)"
        " VALUES ('agent', uuidv7(), uuidv7(), '{name}', 'r', uuidv7())",
        "SELECT nextval('revision_id_seq')",
        "SELECT setval('seal_id_seq', 1)",
        "DELETE FROM claim",
        "DELETE FROM researcher",
        "CREATE OR REPLACE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE sql RETURN NULL",
        "DROP FUNCTION public.record_revision() CASCADE",
        "ALTER TABLE agent DISABLE TRIGGER agent_revision",
        "CREATE TABLE public.mine ()",
        "CREATE EXTENSION pg_freespacemap",
        f"ALTER ROLE {WRITER} SUPERUSER",
        "SET session_replication_role = replica",
        "SET ROLE sayso",
        "SELECT set_config('role', 'sayso', false)",
        "SET SESSION AUTHORIZATION sayso",
        "COPY revision TO PROGRAM 'cat'",
        "SELECT pg_read_file('PG_VERSION')",
        "DROP DATABASE postgres",
    ],
)
async def test_there_is_no_way_around(application: asyncpg.Connection, statement: str) -> None:
    for role in (WRITER, "NONE"):
        await application.execute(f"SET ROLE {role}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await application.execute(statement)


@pytest.mark.parametrize("type_", ["jsonb", "uuid", "text", "bigint", "boolean", "integer"])
async def test_a_type_of_ones_own_hides_no_change(
    application: asyncpg.Connection, committed_database: Database, viewer: Viewer, type_: str
) -> None:
    """A temporary schema may come first where names are looked up; `name` keeps the first 63 bytes alone."""
    claim = await make_claim(committed_database, viewer, statement="25 died")
    await application.execute(f"CREATE DOMAIN pg_temp.{type_} AS pg_catalog.name")
    await application.execute("SET search_path = pg_temp, pg_catalog, public")
    await application.execute("UPDATE public.claim SET statement = '19 died' WHERE id = $1", claim)
    revisions = await read_revisions(committed_database, claim)
    assert [row["after"]["statement"] for row in revisions] == ["25 died", "19 died"]
    assert revisions[1]["before"]["statement"] == "25 died"


@pytest.fixture(params=["server", "psql"])
async def recorder(
    request: pytest.FixtureRequest, application: asyncpg.Connection, onlooker: asyncpg.Connection
) -> asyncpg.Connection:
    """Whoever may record: the role of the server, and a researcher in psql."""
    return application if request.param == "server" else onlooker


PRESETS = (
    "SET sayso.revision = '{other}';",
    "SET LOCAL sayso.revision = '{other}';",
    # The one that comes next.
    "SELECT set_config('sayso.revision', (last_value + 1)::text, true) FROM revision_id_seq;",
)
IN_BETWEEN = ("", "SET LOCAL sayso.revision = '{other}';")
CHANGE = "UPDATE claim SET statement = 'It was 19', version = version + 1 WHERE id = '{claim}';"
DECIDE = "UPDATE corroboration SET status = 'DISPUTED', lines_against = 1 WHERE claim = '{claim}';"
NEWEST = """
SELECT r.id, r.transaction, a.first_revision, a.ended > r.at AS after,
       (SELECT s.revision FROM status_change s ORDER BY s.id DESC LIMIT 1) AS caused
FROM revision r LEFT JOIN act a USING (transaction) ORDER BY r.id DESC LIMIT 1
"""


@pytest.mark.parametrize("between", IN_BETWEEN)
@pytest.mark.parametrize("before", PRESETS)
async def test_no_setting_says_whose_revision_it_is(
    recorder: asyncpg.Connection,
    committed_database: Database,
    viewer: Viewer,
    before: str,
    between: str,
) -> None:
    claim = await make_claim(committed_database, viewer)
    other = await recorder.fetchval("SELECT max(id) FROM revision")
    acts = await recorder.fetchval("SELECT count(*) FROM act")
    statements = f"BEGIN; {before} {CHANGE} {between} {DECIDE} COMMIT"
    await recorder.execute(statements.format(other=other, claim=claim))

    newest = await recorder.fetchrow(NEWEST)
    assert newest is not None
    assert newest["id"] == newest["first_revision"] > other
    assert newest["after"]
    # A status that is torn from its revision is nobody else's.
    assert newest["caused"] == (None if between else newest["id"])
    assert await recorder.fetchval("SELECT count(*) FROM act") == acts + 1


async def test_what_a_session_calls_its_own_is_nothing_to_a_trigger(application: asyncpg.Connection) -> None:
    rows = await application.fetch(
        "SELECT proname, proconfig FROM pg_proc"
        " WHERE prorettype = 'trigger'::regtype AND pronamespace = 'public'::regnamespace"
    )
    assert {row["proname"] for row in rows} == set(TRIGGERED)
    assert {tuple(row["proconfig"] or ()) for row in rows} == {(f"search_path={KEPT_PATH}",)}


async def test_to_reset_the_role_changes_nothing(application: asyncpg.Connection, dsn: str) -> None:
    """By one URL the session is the owner's, but its role is that of its start: a reset leads back to it."""
    shared = await asyncpg.connect(dsn, server_settings={"role": WRITER}, statement_cache_size=0)
    try:
        for connection in (application, shared):
            for statement in (
                "RESET ROLE",
                "RESET ALL",
                "DISCARD ALL",
                "BEGIN; SET LOCAL ROLE NONE; ROLLBACK",
            ):
                await connection.execute(statement)
                assert await connection.fetchval("SELECT current_user") == WRITER
    finally:
        await shared.close()
