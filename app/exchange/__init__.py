"""Formats in and out. So far one: sayso-bundle/1, a file of records; docs/bundles.md describes it.

In, in order of control flow:

- `bundle`       a file → a Bundle without a fault, or all its faults at once
- `nodes`        YAML → a tree that knows its lines; nothing guessed, nothing unbounded
- `json_nodes`   JSON → the same
- `fields`       one mapping, read field by field, its faults gathered
- `sections`     the fields of each section → entries
- `entries`      what a bundle holds: frozen dataclasses that refer to each other by key
- `rules`        what the services would refuse, asked beforehand
- `consistency`  what no entry shows by itself: references, circles, doubles, quotes
- `protection`   its protected agents' names, where outsiders would read them
- `steps`        in which order all of it can be recorded
- `importing`    the run: batches, locks, what was imported before
- `identities`   which row an entry is, across bundles and databases
- `recording`    a step → calls of the services; `drafts`: entries as those take them
- `amending`     how an entry differs from its row, and how the row is amended
- `report`       what an import did

Out:

- `exporting`    the run: files or a stream
- `snapshot`     everything, or what one bundle brought, of one moment
- `standing`     rows → entries
- `spelling`     entries → fields; `writing`: fields → YAML
"""
