-- Functions that the tables' generated columns and the view use, so they come first.
-- They are IMMUTABLE and name everything in full: a restore runs with an empty search_path.

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

CREATE FUNCTION public.joined(words text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_string(words, ' ');

-- The words of a text, for search: of its first million characters, or of as many as fit, for a tsvector holds
-- 1 MiB. Postgres's parser takes time by the square of a run without spaces (a_a_a_…, 1a@1a@…) and of what
-- follows an open <!--: runs are broken and comments opened, or a megabyte of either would take minutes.

CREATE FUNCTION public.words_of(content text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    read text := public.unaccent('public.unaccent'::regdictionary, left(content, 1000000));
BEGIN
    read := regexp_replace(replace(read, '<!--', ' '), '(\S{100})', '\1 ', 'g');
    LOOP
        BEGIN
            RETURN to_tsvector('simple'::regconfig, read);
        EXCEPTION WHEN program_limit_exceeded THEN
            read := left(read, length(read) / 2);
        END;
    END LOOP;
END $$;

-- Whether the answer d is a word for the answer c, and whether the two cannot both be true.
-- NULL where either claim has no answer.

CREATE FUNCTION public.answer_backs(
    d_bounds numrange, d_modality text, d_polarity text, c_bounds numrange, c_modality text, c_polarity text
) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (d_bounds <@ c_bounds)
    OR (d_bounds && c_bounds
        AND d_modality NOT IN ('AT_LEAST', 'AT_MOST') AND c_modality NOT IN ('AT_LEAST', 'AT_MOST'))
    OR (d_polarity = c_polarity);

CREATE FUNCTION public.answer_conflicts(
    d_bounds numrange, d_polarity text, c_bounds numrange, c_polarity text
) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (NOT (d_bounds && c_bounds)) OR (d_polarity <> c_polarity);
