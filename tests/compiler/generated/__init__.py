"""Queries that nobody wrote.

Selections begin as hypothesis-graphql draws them; what is asked for comes from what is recorded:

    values.py      arguments and variables: ids, cursors, dates and words of what is recorded or is not
    documents.py   selections dressed with aliases, fragments, directives, arguments, variables
"""

from tests.compiler.generated.documents import Case, cases
from tests.compiler.generated.values import Values

__all__ = ["Case", "Values", "cases"]
