"""What is wrong with the environment is said of each variable by its name, and in our own words."""

from __future__ import annotations

import re

import pytest

from app.cli.environment import EMPTY, OTHERS, find_unread, name_variable, spell_wanted
from app.settings import Settings
from tests.cli.conftest import ROOT, Sayso

# Each kind of fault: a form, a list of forms, a network, a number, its bounds, a flag.
WRONG = {
    "database_url": "mysql://somebody:password@h/x",
    "oidc_issuer": "http://somewhere.example",
    "metrics": "king",
    "allowed_hosts": "a.example, b.example:80",
    "allowed_origins": "*, https://desk.example/page",
    "trusted_proxies": "10.0.0.0/8, king",
    "port": "many",
    "batch_limit": "1001",
    "read_connections": "",
    "max_body_bytes": "1.5",
    "send_seconds": "0",
    "seal_seconds": "inf",
    "etags": "perhaps",
}


def test_a_wrong_value_is_told_by_what_is_wanted(sayso: Sayso) -> None:
    done = sayso.run("status", **{name_variable(name): value for name, value in WRONG.items()})
    assert done.returncode == 3
    said = done.stderr.removeprefix("Error: ").partition("\nHint:")[0].splitlines()
    items = {"allowed_hosts", "allowed_origins", "trusted_proxies"}
    assert sorted(said) == sorted(
        f"{name_variable(name)}{', item 2' if name in items else ''}: {spell_wanted(name)}"
        f"{'' if value else EMPTY}"
        for name, value in WRONG.items()
    )
    assert "SAYSO_METRICS: must be on, or HOST:PORT, such as 127.0.0.1:9464" in said
    assert "password" not in done.stderr


@pytest.mark.parametrize("value", ["", "  "])
@pytest.mark.parametrize("name", ["data_dir", "host", "known_documents", "oidc_audience", "researcher"])
def test_an_empty_value_is_not_the_current_folder_nor_any_other(sayso: Sayso, name: str, value: str) -> None:
    """Nor is a list that is empty one with an empty item."""
    done = sayso.run("serve", "--port", "0", SAYSO_ALLOWED_HOSTS="", **{name_variable(name): value})
    assert done.returncode == 3
    assert done.stderr.startswith(f"Error: {name_variable(name)}: {spell_wanted(name)}{EMPTY}\n")
    assert not sayso.folder.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--data-dir", "", "status"), "'--data-dir': it is empty"),
        (("status", "--data-dir", __file__), "is a file, and must be a folder"),
        (("serve", "--known-documents", ""), "'--known-documents': it is empty"),
        (("serve", "--known-documents", "/"), "is a folder, and must be a file"),
        (("export", ""), "FILE: it is empty"),
        (("import", ""), "'FILE': it is empty"),
        (("import", "nowhere.yaml"), "'FILE': nowhere.yaml does not exist"),
    ],
)
def test_an_option_that_is_empty_is_not_the_current_folder(
    sayso: Sayso, arguments: tuple[str, ...], told: str
) -> None:
    done = sayso.run(*arguments)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("url", ["postgresql://u:swordfish@h:port/x", "postgresql://u:swordfish@h:1,g:2/x"])
def test_a_url_that_cannot_be_read_is_no_bug(sayso: Sayso, url: str) -> None:
    done = sayso.run("--database-url", url, "status")
    assert done.returncode == 3
    assert done.stderr.startswith("Error: The database's URL cannot be read.\nHint:  It is written postgres")
    assert "swordfish" not in done.stderr


def test_an_option_is_called_by_its_name(sayso: Sayso) -> None:
    done = sayso.run("--database-url", "mysql://h/x", "status", SAYSO_PORT="1")
    assert done.returncode == 3
    assert done.stderr.startswith("Error: --database-url: must begin with postgresql://\n")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_that_can_be_wrong_says_what_is_wanted(name: str) -> None:
    field = Settings.model_fields[name]
    if field.metadata or field.annotation in (bool, int, float):
        assert spell_wanted(name).startswith("must ")


def test_a_name_that_nothing_reads_is_warned_of(sayso: Sayso) -> None:
    done = sayso.run("status", SAYSO_METRIC="on", SAYSO_METRICS="on")
    assert done.stderr == (
        "Warning: SAYSO_METRIC is no setting, and nothing reads it; did you mean SAYSO_METRICS?\n"
    )


def test_only_what_has_our_prefix_and_is_no_setting_is_warned_of() -> None:
    assert find_unread(map(name_variable, [*Settings.model_fields, *OTHERS])) == []
    assert find_unread(["sayso_port", "PORT", "MY_SAYSO_PROT"]) == []
    (far,) = find_unread(["SAYSO_ZZZ"])
    assert "docs/operations.md" in far


def test_the_variables_of_the_composition_are_known() -> None:
    composed = (ROOT / "docker" / "compose.yml").read_text(encoding="utf-8")
    assert find_unread(re.findall(r"SAYSO_\w+", composed)) == []
