"""The rules: what the words of the domain mean. Pure: no database, no clock, no I/O.

    intervals.py      which numbers an answer allows, and how two answers compare
    quantities.py     a phrase of quantity, as reported, → modality and interval
    moments.py        a moment, as reported, → the stretch of time it stands for
    quotes.py         where words stand in a text (W3C Web Annotation selectors)
    identifiers.py    the ids that clients hold
    vocabulary.py     the closed lists of terms (kinds, bases, modes, stances, statuses …)
    parties.py        who belongs together: parties, publishers, chains
    lines.py          how many chains are independent, and who would all have to be wrong
    corroboration.py  the rule: records → status, figures, and why

`docs/corroboration.md` is the published rule that corroboration.py follows.
"""
