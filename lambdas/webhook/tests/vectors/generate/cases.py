"""The deliveries made of every sender, each with the verdict that Hookline must give: `ok`, or why not."""

import base64
import hashlib
import json

from senders import NOW, Token

UNICODE_BODY = '{\r\n  "name": "Zoë 😀", "trailing": "blanks" }  \n'.encode()
LARGE_BODY = b'{"large":"' + b"x" * 204800 + b'"}'
NOT_UTF8_BODY = b'{"name":"\xff\xfe\x80"}'


def cases(sender):
    """Pairs of a name and (delivery, verdict), the general ones and those of the sender's own."""
    made = {}
    groups = [tokens] if isinstance(sender, Token) else [bodies, keys, spellings, headers, elements, times]
    for group in groups:
        made.update(group(sender))
    made.update(sender.own_cases() if hasattr(sender, "own_cases") else {})
    return made


def bodies(sender):
    signed = "signature_mismatch" if sender.body_is_signed else "ok"
    genuine = sender.send()

    def other(body):
        return genuine.having(body=body)

    again = json.dumps(json.loads(sender.body), indent=1).encode()
    return {
        "genuine": (genuine, "ok"),
        "genuine, body with blanks and letters beyond ASCII": (sender.send(UNICODE_BODY), "ok"),
        "genuine, empty body": (sender.send(b""), "ok"),
        "genuine, byte order mark": (sender.send(b"\xef\xbb\xbf" + sender.body), "ok"),
        "genuine, 200 KB": (sender.send(LARGE_BODY), "ok"),
        "genuine, body that is not UTF-8": (sender.send(NOT_UTF8_BODY), "ok"),
        "genuine, empty object": (sender.send(b"{}"), "ok"),
        "one byte of the body changed": (other(sender.body.replace(b"e", b"f", 1)), signed),
        "body cut by one byte": (other(sender.body[:-1]), signed),
        "body extended by a line feed": (other(sender.body + b"\n"), signed),
        "body without its byte order mark": (sender.send(b"\xef\xbb\xbf" + sender.body).having(body=sender.body), signed),
        "body serialized again": (other(again), signed),
        "body removed": (other(b""), signed),
        "last byte of 200 KB changed": (sender.send(LARGE_BODY).having(body=LARGE_BODY[:-1] + b" "), signed),
    }


def keys(sender):
    odd = sender.odd_secret
    mac_less = sender.send(write=lambda _: sender.write(hashlib.new(sender.digest, sender.secret.encode() + sender.body).digest()))
    return {
        "another secret": (sender.send(secret=sender.other_secret), "signature_mismatch"),
        "the older of two secrets": (sender.send(secret=sender.other_secret, secrets=[sender.secret, sender.other_secret]), "ok"),
        "a secret that looks like another provider's": (sender.send(secret=odd, secrets=[odd]), "ok"),
        "a hash of secret and body instead of a MAC": (mac_less, "signature_mismatch"),
        "HMAC-SHA1": (sender.send(digest="sha1"), "signature_malformed"),
        "HMAC of the other length": (
            sender.send(digest="sha256" if sender.digest == "sha512" else "sha512"),
            "signature_malformed",
        ),
    }


def spellings(sender):
    changed = {True: "B", False: "A"} if sender.encoding == "base64" else {True: "1", False: "0"}

    def first_changed(text):
        return changed[text[0] == changed[False]] + text[1:]

    def written(change):
        return sender.send(texts=lambda text: [change(text)])

    made = {
        "first character of the signature changed": (written(first_changed), "signature_mismatch"),
        "signature cut": (written(lambda text: text[:-1]), "signature_malformed"),
        "signature cut by a byte": (written(lambda text: text[:-2]), "signature_malformed"),
        "signature extended": (written(lambda text: text + "00"), "signature_malformed"),
        "signature followed by other text": (written(lambda text: text + "zz"), "signature_malformed"),
    }
    if sender.prefix or sender.separator:
        made["signature absent"] = (written(lambda _: ""), "signature_malformed")
    if sender.encoding == "base64":
        plus = next(n for n in range(99) if {"+", "/"} & set(sender.send(b'{"n":%d}' % n).headers[0][1].split(",")[-1]))
        safe = sender.send(b'{"n":%d}' % plus, write=lambda mac: base64.urlsafe_b64encode(mac).decode())
        made |= {
            "signature in hex": (sender.send(write=bytes.hex), "signature_malformed"),
            "signature without padding": (written(lambda text: text.rstrip("=")), "signature_malformed"),
            "signature in the alphabet for URLs": (safe, "signature_malformed"),
        }
    else:
        case = "ok" if sender.upper_case else "signature_malformed"
        swapped = str.lower if sender.upper_case else str.upper
        encoded = sender.send(write=lambda mac: base64.b64encode(mac).decode())
        made |= {
            "signature in base64": (encoded, "signature_malformed"),
            "signature in hex of the other case": (written(swapped), case),
        }
    return made


def headers(sender):
    name = sender.header
    genuine = sender.send()
    value = genuine.headers[0][1]
    forged = sender.send(secret=sender.other_secret).headers[0][1]
    made = {
        "header name in lower case": (genuine.renamed(name, name.lower()), "ok"),
        "header name in upper case": (genuine.renamed(name, name.upper()), "ok"),
        "another header name": (genuine.renamed(name, "X-Other-Signature"), "header_missing"),
        "header missing": (genuine.without(name), "header_missing"),
        "header empty": (sender.with_value(lambda _: ""), "header_missing"),
        "header twice": (genuine.having(headers=[*genuine.headers, (name, value)]), "header_repeated"),
        "header twice, the first forged": (genuine.having(headers=[(name, forged), *genuine.headers]), "header_repeated"),
        "header twice, the second forged": (genuine.having(headers=[*genuine.headers, (name.lower(), forged)]), "header_repeated"),
        "two headers joined by a comma": (sender.with_value(lambda good: f"{good},{forged}"), sender.joined),
        "a tab after the signature": (sender.with_value(lambda good: good + "\t"), sender.tab),
    }
    if sender.prefix:
        wrong = "signature_malformed"
        made |= {
            "prefix missing": (sender.with_value(lambda good: good.replace(sender.prefix, "", 1)), wrong),
            "prefix in the other case": (sender.with_value(lambda good: good.replace(sender.prefix, sender.prefix.swapcase(), 1)), wrong),
            "prefix twice": (sender.with_value(lambda good: good.replace(sender.prefix, sender.prefix * 2, 1)), wrong),
        }
    for own, text in sender.describing:
        repeated = genuine.having(headers=[*genuine.headers, (own.lower(), text)])
        made[f"unsigned header {own} twice"] = (repeated, "header_repeated")
    return made


def elements(sender):
    """Several signatures in one header, and what stands between them."""
    if not sender.separator:
        return {}
    wrong = sender.write(b"\0" * hashlib.new(sender.digest).digest_size)
    joint = sender.separator

    def listed(make):
        return sender.send(texts=make)

    return {
        "two signatures, the second genuine": (listed(lambda good: [wrong, good]), "ok"),
        "two signatures, the first genuine": (listed(lambda good: [good, wrong]), "ok"),
        "two signatures, neither genuine": (listed(lambda good: [wrong, wrong]), "signature_mismatch"),
        "eight signatures, the last genuine": (listed(lambda good: [wrong] * 7 + [good]), "ok"),
        "nine signatures, the last genuine": (listed(lambda good: [wrong] * 8 + [good]), "signature_too_many"),
        "an element that means nothing": (sender.with_value(lambda value: f"{value}{joint}x9=y"), "ok"),
        "blanks after the separators": (
            sender.with_value(lambda value: value.replace(joint, joint + " "), texts=lambda good: [wrong, good]),
            sender.blanks,
        ),
    }


def times(sender):
    if not sender.tolerance:
        return {}
    past, future = sender.tolerance

    def at(text, **changes):
        return sender.send(at=text, **changes)

    genuine = sender.send()
    later = sender.blank(sender.body, str(NOW + 1))
    moved = sender.value([sender.sample()], str(NOW + 1))
    in_header = not getattr(sender, "time_item", "")
    made = {
        "as old as may be": (genuine.having(now=NOW + past), "ok"),
        "one second too old": (genuine.having(now=NOW + past + 1), "timestamp_too_old"),
        "as new as may be": (genuine.having(now=NOW - future), "ok"),
        "one second too new": (genuine.having(now=NOW - future - 1), "timestamp_too_new"),
        "a day old": (genuine.having(now=NOW + 86400), "timestamp_too_old"),
        "forged and too old": (sender.send(secret=sender.other_secret, now=NOW + 86400), "signature_mismatch"),
        "another time than the signed one": (later.having(headers=[(sender.header, moved), *later.headers]), "signature_mismatch"),
        "time with a leading zero": (at(f"0{NOW}"), "timestamp_malformed"),
        "time with a sign": (at(f"+{NOW}"), "timestamp_malformed"),
        "time with a fraction": (at(f"{NOW}.0"), "timestamp_malformed"),
        "time that is no number": (at("now"), "timestamp_malformed"),
        "time in milliseconds": (at(f"{NOW}000"), "ok" if sender.milliseconds else "timestamp_too_new"),
    }
    if in_header:
        ((name, value),) = [pair for pair in sender.beside(str(NOW)) if pair[1] == str(NOW)]
        made |= {
            "time missing": (genuine.without(name), "header_missing"),
            "time twice": (genuine.having(headers=[*genuine.headers, (name.upper(), value)]), "header_repeated"),
        }
    else:
        first = f"{sender.time_item}{NOW}{sender.separator}"
        made |= {
            "time missing": (sender.with_value(lambda value: value.removeprefix(first)), "timestamp_missing"),
            "time twice": (sender.with_value(lambda value: first + value), "timestamp_repeated"),
            "time after the signature": (
                sender.with_value(lambda value: value.removeprefix(first) + sender.separator + first.removesuffix(sender.separator)),
                "ok",
            ),
        }
    return made


def tokens(sender):
    genuine, token, name = sender.send(), sender.secret, sender.header
    wrong = "signature_mismatch"

    def sent(text):
        return sender.send(secret=text)

    return {
        "genuine": (genuine, "ok"),
        "genuine, empty body": (sender.send(b""), "ok"),
        "genuine, body with blanks and letters beyond ASCII": (sender.send(UNICODE_BODY), "ok"),
        "genuine, byte order mark": (sender.send(b"\xef\xbb\xbf" + sender.body), "ok"),
        "genuine, 200 KB": (sender.send(LARGE_BODY), "ok"),
        "genuine, body that is not UTF-8": (sender.send(NOT_UTF8_BODY), "ok"),
        "one byte of the body changed": (genuine.having(body=sender.body.replace(b"e", b"f", 1)), "ok"),
        "body removed": (genuine.having(body=b""), "ok"),
        "another token": (sent(sender.other_secret), wrong),
        "the older of two tokens": (sender.send(secret=sender.other_secret, secrets=[token, sender.other_secret]), "ok"),
        "a token that looks like another provider's": (
            sender.send(secret=sender.odd_secret, secrets=[sender.odd_secret]), "ok"),
        "first character of the token changed": (sent("~" + token[1:]), wrong),
        "token cut": (sent(token[:-1]), wrong),
        "token extended": (sent(token + "x"), wrong),
        "token in the other case": (sent(token.swapcase()), wrong),
        "token in base64": (sent(base64.b64encode(token.encode()).decode()), wrong),
        "hash of the token": (sent(hashlib.sha256(token.encode()).hexdigest()), wrong),
        "token as bearer": (sent(f"Bearer {token}"), wrong),
        "token in quotes": (sent(f'"{token}"'), wrong),
        "a tab after the token": (sent(f"{token}\t"), wrong),
        "header name in lower case": (genuine.renamed(name, name.lower()), "ok"),
        "header name in upper case": (genuine.renamed(name, name.upper()), "ok"),
        "another header name": (genuine.renamed(name, "Authorization"), "header_missing"),
        "header missing": (genuine.without(name), "header_missing"),
        "header empty": (genuine.having(headers=[(name, ""), *sender.describing]), "header_missing"),
        "header twice": (genuine.having(headers=[*genuine.headers, (name, token)]), "header_repeated"),
        "header twice, the first forged": (genuine.having(headers=[(name, "x"), *genuine.headers]), "header_repeated"),
        "two headers joined by a comma": (sent(f"{token},{token}"), wrong),
    }
