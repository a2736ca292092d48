"""How a provider signs, written once more: the base of `official.py` and `documented.py`.

Nothing here comes from the Rust code or from the provider files. A sender signs as the provider's package or
documentation says; who confirms it are the witnesses: the package itself, or the documented check.
"""

import base64
import dataclasses
import hashlib
import hmac

NOW = 1614265330
JSON_BODY = b'{"id":"evt_1","type":"payment.created","amount":1130.0}'
WRONG = "0" * 64


@dataclasses.dataclass(frozen=True)
class Delivery:
    """What arrives, and what its receiver knows: the secrets, newest first, and the time."""

    headers: list
    body: bytes
    secrets: list
    query: list = dataclasses.field(default_factory=list)
    params: dict = dataclasses.field(default_factory=dict)
    now: int = NOW

    def header(self, name):
        """As a web framework hands it on: without regard to case, several values joined by a comma."""
        values = [value for own, value in self.headers if own.lower() == name.lower()]
        return ", ".join(values) if values else None

    def text(self):
        return self.body.decode()

    def having(self, **changes):
        return dataclasses.replace(self, **changes)

    def renamed(self, name, other):
        return self.having(headers=[(other if own == name else own, value) for own, value in self.headers])

    def without(self, name):
        return self.having(headers=[pair for pair in self.headers if pair[0] != name])


class Sender:
    """One provider: a MAC over some content, written into a header."""

    name = ""
    header = ""
    secret = ""
    other_secret = ""
    # A genuine secret that looks like something else: a prefix, another encoding.
    odd_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    digest = "sha256"
    encoding = "hex"
    upper_case = False  # as the provider writes hex
    prefix = ""
    body = JSON_BODY
    body_is_signed = True
    params = {}
    query = []
    # Headers that describe the event and are not signed, with the values of one delivery.
    describing = []
    # Seconds that the signed time may lie in the past and in the future; None where none is signed.
    tolerance = None
    # Whether that time may be written in milliseconds.
    milliseconds = False
    separator = None
    # What comes of a value joined from two headers, of blanks after the separators, and of a tab at the end.
    joined = "signature_malformed"
    blanks = None
    tab = "signature_malformed"

    def key(self, secret):
        return secret.encode()

    def content(self, body, at, delivery):
        return body

    def mac(self, body, secret, at, delivery, digest=None):
        content = self.content(body, at, delivery)
        return hmac.new(self.key(secret), content, getattr(hashlib, digest or self.digest)).digest()

    def write(self, mac):
        if self.encoding == "base64":
            return base64.b64encode(mac).decode()
        return mac.hex().upper() if self.upper_case else mac.hex()

    def item(self, text):
        return f"{self.prefix}{text}"

    def value(self, texts, at):
        """The header's text: the signatures in it, and the time where it has one."""
        return self.separator.join(self.item(text) for text in texts) if self.separator else self.item(texts[0])

    def beside(self, at):
        """The signed headers beside the signature."""
        return []

    def blank(self, body, at, **changes):
        """A delivery without its signature."""
        headers = [*self.beside(at), *self.describing]
        made = Delivery(headers, body, [self.secret], list(self.query), dict(self.params), NOW)
        return made.having(**changes)

    def send(self, body=None, secret=None, at=str(NOW), digest=None, write=None, texts=None, **changes):
        """A delivery signed with `secret`; `texts` makes the signatures of the header from the genuine one."""
        body = self.body if body is None else body
        made = self.blank(body, at, **changes)
        text = (write or self.write)(self.mac(body, secret or self.secret, at, made, digest))
        value = self.value(texts(text) if texts else [text], at)
        return made.having(headers=[(self.header, value), *made.headers])

    def with_value(self, change, **how):
        """A delivery whose signature header is changed."""
        made = self.send(**how)
        return made.having(headers=[(own, change(value) if own == self.header else value) for own, value in made.headers])

    def sample(self):
        """The text of the genuine signature."""
        return self.write(self.mac(self.body, self.secret, str(NOW), self.blank(self.body, str(NOW))))


class Listed(Sender):
    """A header with several elements: signatures, and often the time."""

    time_item = ""

    def value(self, texts, at):
        time = [f"{self.time_item}{at}"] if self.time_item else []
        return self.separator.join([*time, *(self.item(text) for text in texts)])


class Token(Sender):
    """A header that equals the secret. Nothing is signed."""

    body_is_signed = False

    def send(self, body=None, secret=None, **changes):
        made = self.blank(self.body if body is None else body, "", **changes)
        return made.having(headers=[(self.header, secret or self.secret), *made.headers])
