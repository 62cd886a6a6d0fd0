"""Kill -9 under writes: `python -m tests.faults [--kills 50] [--rate 200] [--seconds 4]`, and `--disk MIB`.

A `sayso serve` with an embedded database is killed, and its Postgres, in turns, while writers send mutations
with idempotency keys and send again what was not acknowledged. Afterwards every acknowledged write must be
there, each once, and `sayso recompute --check` and `sayso verify` must find nothing. Exits with 1 if not, and
if fewer writes a second were acknowledged than --rate. One write in four is a claim with its recomputation
(--one-in), the others are events. It takes some eight seconds a kill.

With --disk the database lies in a small file system of its own (a tmpfs, which takes root on Linux), and the
writers fill it: writes are then refused, reads go on, and with room again all goes on.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.faults.campaign import Report, fill_disk, kill_often
from tests.faults.writers import ONE_IN


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rate", type=float, default=200, help="writes a second that must be reached")
    parser.add_argument("--seconds", type=float, default=4, help="of writing between two kills")
    parser.add_argument(
        "--one-in", type=int, default=ONE_IN, help="how many writes have one claim, with its recomputation"
    )
    parser.add_argument("--disk", type=int, metavar="MIB", help="fill a disk of this size instead")
    given = parser.parse_args()
    if given.disk:
        report: Report = asyncio.run(fill_disk(given.disk, given.rate, tell))
    else:
        report = asyncio.run(kill_often(given.kills, given.rate, given.seconds, tell, given.one_in))
    for line in report.lines():
        tell(line)
    tell(f"One write in {given.one_in} was a claim, with its recomputation; the others were events.")
    slow = not given.disk and report.rate < given.rate
    if slow:
        tell(
            f"{given.rate:,.0f} writes a second were asked for, and not reached: this proves nothing of them"
        )
    sys.exit(1 if report.faults or slow else 0)


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
