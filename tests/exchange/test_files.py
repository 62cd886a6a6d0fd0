"""The files of a bundle: one that cannot be read, is none, or leads elsewhere is refused as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import BundleInvalid
from app.exchange.bundle import derive_name, read_bundle
from tests.exchange.bundles import (
    SMALL,
    change,
    list_faults,
    spell_bundle,
    write_bundle,
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "format: sayso-bundle/2\nanything: else",
            "line 1: format is 'sayso-bundle/2'; this reads sayso-bundle/1",
        ),
        ("agents: []", "line 1: format is none; this reads sayso-bundle/1"),
        ("- a", "line 1: is not a mapping that begins with format: sayso-bundle/1"),
        ("", "line 1: is empty"),
        ("format: sayso-bundle/1\nbundle: a/b", "line 2: bundle: is not a name"),
        ("format: sayso-bundle/1\ntitle: a\ntitle: b", "line 3: title is given twice; first on line 2"),
        ("format: sayso-bundle/1\nagents: [", "line 2: is not YAML"),
    ],
)
def test_a_file_that_is_no_bundle_says_so(tmp_path: Path, text: str, told: str) -> None:
    (fault,) = list_faults(tmp_path, text)
    assert fault.startswith(told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfea: 1", "is not UTF-8 on line 1"),
        (b"format: sayso-bundle/1\ntitle: caf\xe9", "is not UTF-8 on line 2"),
    ],
)
def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "small.yaml"
    file.write_bytes(content)
    with pytest.raises(BundleInvalid, match=told):
        read_bundle(file)


def test_a_file_that_is_not_there_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BundleInvalid, match=r"nothing\.yaml is not there"):
        read_bundle(tmp_path / "nothing.yaml")
    with pytest.raises(BundleInvalid, match=r"bundle\.yaml is not there"):
        read_bundle(tmp_path)
    monkeypatch.setattr("app.exchange.bundle.MAX_FILE_BYTES", 100)
    with pytest.raises(BundleInvalid, match="the bundle is larger than 100 bytes"):
        read_bundle(write_bundle(tmp_path, SMALL))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("At least 25 died.", encoding="utf-8")
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "link.txt").symlink_to(secret)
    faults = list_faults(
        folder, spell_bundle(change(SMALL, "sources", "report", text=None, text_file="link.txt"))
    )
    assert any("leads out of the folder of the bundle: link.txt" in fault for fault in faults)


def test_a_text_beside_the_bundle_is_read_byte_by_byte(tmp_path: Path) -> None:
    text = "\ufeffAt least 25 died.\r\nIt was no arson.\r\n"
    (tmp_path / "a b.txt").write_bytes(text.encode())
    file = write_bundle(tmp_path, change(SMALL, "sources", "report", text=None, text_file="a b.txt"))
    bundle = read_bundle(file)
    assert bundle.sources["report"].text == text
    assert bundle.starts["dead-25"] == 1


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("samples/baghdad-2019/bundle.yaml", "baghdad-2019"),
        ("Çınar notes.yml", "Çınar-notes"),
        (".hidden.yaml", "hidden"),
        ("---.yaml", None),
        ("x" * 150 + ".yaml", "x" * 100),
    ],
)
def test_the_name_of_a_bundle_follows_from_its_file(path: str, name: str | None) -> None:
    assert derive_name(Path(path)) == name
