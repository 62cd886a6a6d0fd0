"""Faults on purpose: whatever was acknowledged is there afterwards, once. `python -m tests.faults --help`."""
