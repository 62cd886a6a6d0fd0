"""The rules: what the words of the domain mean. Pure: no database, no clock, no I/O.

    identifiers.py    the ids that clients hold
    vocabulary.py     the closed lists of terms (kinds, bases, modes, stances, statuses …)
    texts.py          which texts can be kept, and the hash of one
    tokens.py         the form of an access token
    counts.py         a number with the noun of what it counts

    intervals.py      which numbers an answer allows, and how two answers compare
    numerals.py       words and digits → a number
    amounts.py        numbers standing in a text
    phrases.py        what stands around a number: "at least", "or so", "between … and"
    quantities.py     a phrase of quantity, as reported, → modality and interval

    dates.py          which figures in a text are dates, and no quantities
    moments.py        a moment, as reported, → the stretch of time it stands for

    quotes.py         where words stand in a text (W3C Web Annotation selectors)
    passages.py       the passages of a text that are nearest to given words
    names.py          where the names of agents stand in a text
    suggestions.py    the sentences of a text that may hold a claim

    records.py        what the rule is given
    answers.py        how two answers to one question compare
    parties.py        who belongs together: parties and publishers
    chains.py         a claim → its path, chain, origins and moment
    outdated.py       which claims their own origins have replaced
    evidence.py       which claims are live, and what stands for and against a claim
    questions.py      what stands for and against each answer to one question
    pools.py          the voices on one question, and what any pool of them adds up to
    lines.py          how many chains are independent
    weakest_links.py  who would all have to be wrong
    cores.py          a few chains that settle both
    searches.py       both, of one pool by what is known of another
    explanation.py    figures → a sentence
    corroboration.py  the rule: records → status, figures, and why

    seals.py          the canonical form of a revision, and the hashes over it

`docs/corroboration.md` is the published rule that corroboration.py follows.
"""
