"""What a run of the suite that is killed leaves behind: the folder of a cluster that nobody holds."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.postgres.cluster import remove_home
from app.postgres.home import Home, choose_user
from app.postgres.presence import release_lock, take_lock

PREFIX = "sayso-tests-"


def remove_leftovers(place: Path) -> list[Path]:
    """Remove the clusters in this folder whose run is gone, and all of its servers; which folders they were.

    Safe beside other runs. Who makes a cluster holds its lock before there is anything but the lock, and
    until nothing of it is left: where there is more, and the lock is free, nobody is.
    """
    removed = []
    user = choose_user(place)
    for folder in place.glob(f"{PREFIX}*"):
        link = folder / "postgres"
        home = Home(link, link.resolve(), user)
        if not any(each.name != "lock" for each in list_folder(home.path)):
            continue
        lock = take_lock(home)
        if lock is not None:
            remove_home(home)
            shutil.rmtree(folder, ignore_errors=True)
            release_lock(lock)
            removed.append(folder)
    return removed


def list_folder(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # it went away just now, or is somebody else's
        return []
