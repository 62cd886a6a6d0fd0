"""Stretches of time: how a search stays among the newest rows of a long table without reading the others.

An index of words has the rows of a word in no order, and finds those that hold several words by going through
all that hold the rarest. The stretches that a row was recorded in stand in the same index, like words: asked
for together, Postgres skips all older rows. It has to find each row that it takes among those of its stretch,
which are many. So each figure of a row stands there with its stretches, too: of these there are few.
docs/decisions/0023.
"""

from __future__ import annotations

# In which stretch of 6 hours, of 4 days and of 64 days a time lies. What an index keeps: never change it.
STRETCHES_OF = """CREATE FUNCTION public.stretches_of(at timestamp with time zone) RETURNS integer[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY[
    floor(date_part('epoch', at) / 21600)::integer * 3,
    floor(date_part('epoch', at) / 345600)::integer * 3 + 1,
    floor(date_part('epoch', at) / 5529600)::integer * 3 + 2]"""

# Which of 1,024 kinds of figures a word is, by its digits; NULL if it does not begin with one. Not STRICT: it
# would not be inlined, and takes three times as long.
FIGURE_OF = """CREATE FUNCTION public.figure_of(word text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ascii(word) BETWEEN 48 AND 57
    THEN right(regexp_replace(word, '[^0-9]', '', 'g'), 9)::integer % 1024 END"""

# What the index keeps of a row: its stretches, and each of these with each of its figures, below 0.
STRETCHES_AND_FIGURES = """CREATE FUNCTION public.stretches_of(at timestamp with time zone, words tsvector)
RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    stretches integer[] := public.stretches_of(at);
    found integer[] := stretches;
    word text;
    figure integer;
    stretch integer;
BEGIN
    FOREACH word IN ARRAY tsvector_to_array(words) LOOP
        figure := public.figure_of(word);
        IF figure IS NOT NULL THEN
            FOREACH stretch IN ARRAY stretches LOOP
                found := array_append(found, -1 - figure - 1024 * stretch);
            END LOOP;
        END IF;
    END LOOP;
    RETURN found;
END $$"""

# As which the index is asked for the rows of some stretches that hold the words: with the longest figure, if
# all such rows hold it. Where one word or another is enough, or one must not be there, the words are spelled
# with | or !; a quotation mark within a word is spelled as two.
STRETCHES_ASKED = """CREATE FUNCTION public.stretches_asked(stretches integer[], words tsquery)
RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    spelled text := words::text;
    word text;
    longest text := '';
    asked integer[] := '{}';
    stretch integer;
BEGIN
    IF spelled ~ $q$[|!]|''$q$ THEN RETURN stretches; END IF;
    FOREACH word IN ARRAY string_to_array(spelled, $q$'$q$) LOOP
        IF length(word) > length(longest) AND public.figure_of(word) IS NOT NULL THEN longest := word; END IF;
    END LOOP;
    IF longest = '' THEN RETURN stretches; END IF;
    FOREACH stretch IN ARRAY stretches LOOP
        asked := array_append(asked, -1 - public.figure_of(longest) - 1024 * stretch);
    END LOOP;
    RETURN asked;
END $$"""

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

FUNCTIONS = (STRETCHES_OF, FIGURE_OF, STRETCHES_AND_FIGURES, STRETCHES_ASKED, NEWEST_STRETCHES)
