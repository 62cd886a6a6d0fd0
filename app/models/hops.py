"""The bounds of a claim stand with each of its hops, so that an agent's claims are narrowed in its index.

A hop takes them, whatever the writer says; a claim whose bounds change gives them on. docs/decisions/0025.
"""

from __future__ import annotations

# A new hop locks its claim: another transaction may be changing the bounds, and will not see the hop. A hop
# that was there needs none. Whoever changes the bounds changes every hop, and waits for it or is waited for.
TAKE_BOUNDS = """CREATE FUNCTION public.take_bounds() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.claim = NEW.claim THEN
        SELECT c.bounds INTO NEW.bounds FROM public.claim c WHERE c.id = NEW.claim;
    ELSE
        SELECT c.bounds INTO NEW.bounds FROM public.claim c WHERE c.id = NEW.claim FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a hop comes after its claim, and % is not there', NEW.claim
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'attribution_claim_fkey';
        END IF;
    END IF;
    RETURN NEW;
END $$"""

GIVE_BOUNDS = """CREATE FUNCTION public.give_bounds() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.attribution SET bounds = NEW.bounds WHERE claim = NEW.id;
    RETURN NULL;
END $$"""

FUNCTIONS = (TAKE_BOUNDS, GIVE_BOUNDS)

TRIGGERS = (
    "CREATE TRIGGER attribution_bounds BEFORE INSERT OR UPDATE OF claim, bounds ON public.attribution"
    " FOR EACH ROW EXECUTE FUNCTION public.take_bounds()",
    "CREATE TRIGGER claim_bounds AFTER UPDATE ON public.claim FOR EACH ROW"
    " WHEN (OLD.bounds IS DISTINCT FROM NEW.bounds) EXECUTE FUNCTION public.give_bounds()",
)

DROPPED = (
    "DROP FUNCTION IF EXISTS public.take_bounds()",
    "DROP FUNCTION IF EXISTS public.give_bounds()",
)
