"""The command `sayso`, and `python -m app`."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command of sys.argv and exit with its code."""
    try:
        from app.cli import main as run
    except KeyboardInterrupt:  # while it is still being loaded, which takes half a second
        sys.exit(INTERRUPTED)
    run()


if __name__ == "__main__":
    main()
