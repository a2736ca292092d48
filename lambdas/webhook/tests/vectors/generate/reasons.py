"""Why Hookline's verdict differs on purpose from that of a package, case by case: the first rule that fits."""

SPELLING = "a signature has one spelling, so that no changed character goes unnoticed; the package decodes leniently"
ONCE = "a header that is used is sent once, or a consumer may read another value than the one verified; the package sees both joined by a comma"
SEVERAL = "any of several signatures may match, as while a secret is rotated; the package keeps only the last"
NO_AGE = "the package judges no age unless it is asked to"
FUTURE = "the package judges no time in the future, so a captured delivery signed far ahead would never age"
EMPTY_ELEMENT = "an element in no known form is passed over; the package refuses the whole header"

# (scheme, or None for any; how the case's name begins; why)
RULES = [
    ("authorize-net", "signature in hex of", "the documentation shows upper case and does not rule out lower case; both spell the same bytes"),
    ("mercado-pago", "data.id in upper case", "the package takes data.id as sent, the documentation has long said lower case: either may be the signed one"),
    ("mercado-pago", "one second too", NO_AGE),
    ("mercado-pago", "a day old", NO_AGE),
    ("mercado-pago", "milliseconds, too", NO_AGE),
    ("paddle", "as old as may be", "the package for Node allows 5 s, too little for a retry behind a cold start; the other one can be set"),
    ("coinbase-cdp", "v0 changed beside a genuine v1", "every form that was sent must match; the package looks at v1 alone"),
    ("coinbase-cdp", "v1, body that is no object", "a dot joins the bound values and the body: only a body that begins with { begins where it did when it was signed"),
    ("coinbase-cdp", "blanks after the separators", SPELLING),
    (None, "genuine, body that is not UTF-8", "the provider signs bytes; the package takes text"),
    (None, "genuine, empty body", "an empty body is signed like any other; the package does not look at it"),
    (None, "genuine, byte order mark", "the mark is among the signed bytes; the package's text decoder drops it"),
    (None, "signature cut", SPELLING),
    (None, "signature extended", SPELLING),
    (None, "signature followed by", SPELLING),
    (None, "signature without padding", SPELLING),
    (None, "signature in", SPELLING),
    (None, "v1 in upper case", SPELLING),
    (None, "prefix", SPELLING),
    (None, "a tab after", SPELLING),
    (None, "header twice", ONCE),
    (None, "two headers joined", ONCE),
    (None, "unsigned header", "it tells the event's facts here, so it is sent once; the package does not read it"),
    (None, "two signatures, the first", SEVERAL),
    (None, "two signatures, the second", SEVERAL),
    (None, "eight signatures", SEVERAL),
    (None, "nine signatures", "at most eight signatures are looked at: no rotation needs more, and each costs a comparison"),
    (None, "an element that means nothing", EMPTY_ELEMENT),
    (None, "blanks after the separators", EMPTY_ELEMENT),
    (None, "time twice", "with two times, the one that is judged may not be the one that was signed"),
    (None, "one second too new", FUTURE),
    (None, "time in milliseconds", FUTURE),
    (None, "time with a leading zero", "a time is written in one way"),
    (None, "a dot moved", "the border between two signed values must not move: the same bytes would be another id and another body"),
]


def why(scheme, name):
    for own, begins, text in RULES:
        if own in (None, scheme) and name.startswith(begins):
            return text
    return None
