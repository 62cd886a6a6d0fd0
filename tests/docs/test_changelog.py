"""The changelog has each version and each subject under it once, nothing twice, no line that is too wide."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = (Path(__file__).parent.parent.parent / "CHANGELOG.md").read_text(encoding="utf-8")
VERSIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]


def test_each_version_and_each_subject_under_it_stands_once() -> None:
    names = [version.partition("\n")[0] for version in VERSIONS]
    assert names
    assert len(names) == len(set(names))
    for version in VERSIONS:
        subjects = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert len(subjects) == len(set(subjects)), subjects


def test_nothing_is_told_twice() -> None:
    for version in VERSIONS:
        entries = [" ".join(entry.split()) for entry in re.split(r"^- ", version, flags=re.MULTILINE)[1:]]
        assert len(entries) == len(set(entries))
        assert not [entry for entry in entries if re.search("<{7}|={7}|>{7}", entry)]


def test_no_line_is_too_wide() -> None:
    assert [line for line in PAGE.splitlines() if len(line) > 120] == []
