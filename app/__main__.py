"""`python -m app` is `sayso`."""

from app.cli import main

main()
