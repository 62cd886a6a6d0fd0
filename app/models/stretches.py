"""Stretches of time: how a search stays among the newest rows of a long table without reading the others.

An index of words has the rows of a word in no order, and finds those that hold several words by going through
all that hold the rarest. The stretches that a row was recorded in stand in the same index, like words: asked
for together, Postgres skips all older rows. docs/decisions/0023.
"""

from __future__ import annotations

# In which stretch of 6 hours, of 4 days and of 64 days a time lies. What an index keeps: never change it.
STRETCHES_OF = """CREATE FUNCTION public.stretches_of(at timestamp with time zone) RETURNS integer[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY[
    floor(date_part('epoch', at) / 21600)::integer * 3,
    floor(date_part('epoch', at) / 345600)::integer * 3 + 1,
    floor(date_part('epoch', at) / 5529600)::integer * 3 + 2]"""

# The newest stretches, at most 19, that hold about so many claims; NULL where there are not twice as many. By
# Postgres's own estimate of the rows, as though they were recorded evenly: where they were not, the stretches
# hold more or fewer. Claims are read as the caller sees them. The stretch after that of the newest id is
# among them: a transaction that began later may have drawn its ids before.
NEWEST_STRETCHES = """CREATE FUNCTION public.newest_stretches(wanted integer) RETURNS integer[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    held real := (SELECT c.reltuples FROM pg_catalog.pg_class c WHERE c.oid = 'public.claim'::regclass);
    oldest timestamptz;
    newest timestamptz;
    span float8;
    level integer := 0;
    seconds integer := 21600;
BEGIN
    IF held < 2 * wanted THEN RETURN NULL; END IF;
    oldest := (SELECT r.recorded_at FROM claim r ORDER BY r.id LIMIT 1);
    newest := (SELECT r.recorded_at FROM claim r ORDER BY r.id DESC LIMIT 1);
    span := date_part('epoch', newest - oldest) * wanted / held;
    WHILE level < 2 AND span > 16 * seconds LOOP
        level := level + 1;
        seconds := 16 * seconds;
    END LOOP;
    RETURN ARRAY(
        SELECT (public.stretches_of(newest))[level + 1] - 3 * n
        FROM generate_series(-1, ceil(span / seconds)::integer) n);
END $$"""

FUNCTIONS = (STRETCHES_OF, NEWEST_STRETCHES)
