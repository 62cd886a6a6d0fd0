"""Named queries, the SQL they become and what that answers on the sample, side by side.

The files are read in review, never written by CI: `python -m tests.compiler.test_cases` writes those of a
change, and each difference is then looked at.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.compiler import Statement
from app.database import Database
from app.permissions import Viewer
from tests.compiler.compiling import compile_text
from tests.conftest import Statements

FOLDER = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))


def compile_case(name: str) -> tuple[Statement, dict[str, Any]]:
    """The statement of a case. Its variables stand in the document, as defaults."""
    text = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
    return compile_text(text, {})


def spell(statement: Statement) -> str:
    """The SQL of a statement, broken where a reader would."""
    sql = statement.sql.replace(" FROM ", "\nFROM ").replace(" WHERE ", "\nWHERE ")
    return sql.replace("(SELECT ", "(\nSELECT ").replace(" ORDER BY ", "\nORDER BY ") + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_case_becomes_its_sql(name: str) -> None:
    statement, _ = compile_case(name)
    assert spell(statement) == (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
async def test_a_case_has_its_answer(
    sample: Database, viewer: Viewer, statements: Statements, name: str
) -> None:
    statement, variables = compile_case(name)
    async with statements(sample) as sent:
        body = await sample.fetch_json(
            statement.sql, statement.bind(variables, {"viewer": viewer.researcher, "admin": False})
        )
    assert len(sent) == 1
    assert json.loads(body) == json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


async def write_cases(dsn: str) -> None:
    """Write the SQL and the answer of every case, from a database that holds the sample."""
    from app.settings import Settings

    database = await Database.open(dsn, Settings())
    for name in NAMES:
        statement, variables = compile_case(name)
        (FOLDER / f"{name}.sql").write_text(spell(statement), encoding="utf-8")
        body = await database.fetch_json(
            statement.sql, statement.bind(variables, {"viewer": None, "admin": False})
        )
        answer = json.dumps(json.loads(body), ensure_ascii=False, indent=2) + "\n"
        (FOLDER / f"{name}.json").write_text(answer, encoding="utf-8")
    await database.close()


if __name__ == "__main__":
    import sys

    asyncio.run(write_cases(sys.argv[1]))
