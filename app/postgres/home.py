"""Where the files of one cluster lie, and whose they are.

    DATA_DIR/postgres/          the cluster's home: ours. A link if the server's user cannot come here
      lock                      held (flock) by the process that started the server and by the server itself
      server.json               where its socket is, while it runs
      postgres.log  .log.1      what the server said, kept short
      pg_hba.conf pg_ident.conf who may connect
      data/                     PostgreSQL's data directory: the server user's
      socket/                   the folder of its socket: the server user's
      initdb-*/                 a data directory in the making, or one that was interrupted

PostgreSQL refuses to run as root. Root therefore runs it as somebody else, and never writes into a folder
that this user owns: a link planted there could lead anywhere.
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import DatabaseUnavailable

_ROOTS_PLACE = Path("/var/lib/sayso")
_CHOOSE_ANOTHER = "Set SAYSO_DATA_DIR to a folder of your own, or SAYSO_DATABASE_URL to a server of your own."


@dataclass(frozen=True, slots=True)
class ServerUser:
    """Whom PostgreSQL runs as. `name` is None for a uid that /etc/passwd does not know."""

    uid: int
    gid: int
    name: str | None

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    @property
    def title(self) -> str:
        return f"the user {self.name or self.uid}"


@dataclass(frozen=True, slots=True)
class Home:
    """One cluster's folder. `path` is absolute and without links; `link` is DATA_DIR/postgres."""

    link: Path
    path: Path
    user: ServerUser

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def log(self) -> Path:
        return self.path / "postgres.log"

    @property
    def record(self) -> Path:
        return self.path / "server.json"


def can_enter(folder: Path, user: ServerUser) -> bool:
    """Whether the modes of `folder` and all above it let `user` pass. Access control lists are not read."""
    for each in (folder.resolve(), *folder.resolve().parents):
        info = each.stat()
        if info.st_uid == user.uid:
            needed = 0o100
        elif info.st_gid == user.gid:
            needed = 0o010
        else:
            needed = 0o001
        if not info.st_mode & needed:
            return False
    return True


def has_database(data_dir: Path) -> bool:
    """Whether a cluster was made in `data_dir`. Raises `DatabaseUnavailable` if none can be there."""
    try:
        (data_dir / "postgres" / "data").stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _refuse(data_dir, error) from error
    return True


def _refuse(data_dir: Path, error: OSError) -> DatabaseUnavailable:
    reason = "Not a directory" if isinstance(error, FileExistsError) else error.strerror
    return DatabaseUnavailable(
        f"The folder {data_dir} cannot hold a database: {reason} ({error.filename})", hint=_CHOOSE_ANOTHER
    )


def open_home(data_dir: Path, report: Callable[[str], None]) -> Home:
    """Finds or makes the home of the cluster in `data_dir`. No folder that was there before changes its mode,
    save an empty `data_dir` of root's, which is let through.

    Raises `DatabaseUnavailable` if the folder cannot be made or belongs to somebody else.
    """
    link = data_dir / "postgres"
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        make_folder(data_dir, 0o711 if os.geteuid() == 0 else 0o700)
        if not os.path.lexists(link):
            place_home(link, choose_user(data_dir), report)
        path = Path(os.path.realpath(link))
        make_folder(path, 0o711 if os.geteuid() == 0 else 0o700)
        owner = path.stat().st_uid
        data = path / "data"
        user = choose_user(data, named=False) if data.exists() else choose_user(data_dir)
        reachable = not user.is_other or can_enter(path, user)
    except OSError as error:
        raise _refuse(data_dir, error) from error
    if owner != os.geteuid():
        raise DatabaseUnavailable(
            f"The database in {path} belongs to {name_user(owner)}, and you are {name_user(os.geteuid())}.",
            hint=f"Run this as {name_user(owner)}. {_CHOOSE_ANOTHER}",
        )
    if not reachable:
        raise DatabaseUnavailable(
            f"PostgreSQL does not run as root, and {user.title} cannot reach {path}.",
            hint=f"Let others pass (chmod o+x) through each folder above it. {_CHOOSE_ANOTHER}",
        )
    return Home(link, path, user)


def place_home(link: Path, user: ServerUser, report: Callable[[str], None]) -> None:
    """Makes the home at `link`; or, if `user` could not come there, a link to a home where they can."""
    data_dir = link.parent
    if user.is_other and not can_enter(data_dir, user):
        info = data_dir.stat()
        if can_enter(data_dir.parent, user) and info.st_uid == 0 and not any(data_dir.iterdir()):
            data_dir.chmod(info.st_mode & 0o777 | 0o011)
    with suppress(FileExistsError):  # another process was first
        if not user.is_other or can_enter(data_dir, user):
            make_folder(link, 0o711 if user.is_other else 0o700)
            return
        temporary = Path(tempfile.gettempdir())
        slug = re.sub(r"[^A-Za-z0-9]+", "-", data_dir.name).strip("-")[:20] or "data"
        name = f"{slug}-{secrets.token_hex(4)}"
        if temporary in data_dir.parents:
            target = temporary / f"sayso-{name}"
        else:
            _ROOTS_PLACE.parent.mkdir(parents=True, exist_ok=True)
            make_folder(_ROOTS_PLACE, 0o711)
            target = _ROOTS_PLACE / name
        link.symlink_to(target)
        report(
            f"PostgreSQL does not run as root, and {user.title} cannot enter {data_dir}. "
            f"The database is kept in {target}; {link} leads there"
        )


def choose_user(owned: Path, *, named: bool = True) -> ServerUser:
    """Whom to run the server as: ourselves; for root the owner of `owned`, or `sayso`, or `nobody`.

    `named`: leave out an owner whom /etc/passwd does not know. initdb refuses such a user, postgres does not.
    """
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid(), find_name(os.geteuid()))
    info = owned.stat()
    if info.st_uid != 0 and (find_name(info.st_uid) or not named):
        return ServerUser(info.st_uid, info.st_gid, find_name(info.st_uid))
    for name in ("sayso", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid != 0:
                return ServerUser(entry.pw_uid, entry.pw_gid, name)
    raise DatabaseUnavailable(
        "PostgreSQL does not run as root, and this machine has neither a user sayso nor a user nobody.",
        hint=f"Make one (useradd --system sayso), or run this as another user. {_CHOOSE_ANOTHER}",
    )


def find_name(uid: int) -> str | None:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def name_user(uid: int) -> str:
    return find_name(uid) or f"the user with the id {uid}"


def make_folder(path: Path, mode: int) -> None:
    """Makes one folder, with this mode whatever the umask is. One that is there is left as it is."""
    with suppress(FileExistsError):
        path.mkdir(mode)
        path.chmod(mode)
    if not path.is_dir():
        raise NotADirectoryError(20, "Not a directory", str(path))


def make_server_folder(path: Path, user: ServerUser) -> None:
    """Makes an empty folder, closed to all but `user`, and theirs."""
    path.mkdir(0o700)
    if user.is_other:
        os.chown(path, user.uid, user.gid)


def replace_tree(target: Path, fill: Callable[[Path], None]) -> None:
    """Makes `target` by `fill`, or not at all: a half-filled one never has this name."""
    work = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    work.mkdir(0o755)
    try:
        fill(work)
        work.chmod(0o755)
        work.rename(target)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
