"""Two providers whose signatures have more to them: bound headers, and content that is not the body."""

import datetime
import hashlib
import hmac

from senders import NOW, WRONG, Listed


class CoinbaseCdp(Listed):
    """Coinbase has no package for its webhooks but sends them with Hook0, whose package this is."""

    name, header, package = "coinbase-cdp", "X-Hook0-Signature", "hook0-client"
    secret, other_secret = "coinbaseCdpSecret", "another secret"
    separator, prefix, time_item = ",", "v0=", "t="
    tolerance = (300, 300)
    joined, blanks = "timestamp_repeated", "signature_malformed"
    names = ["content-type", "x-event-id", "x-event-type"]
    travelling = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Event-Id", "c3b5f2f8-5a5e-4a1e-9c0e-000000000001"),
        ("X-Event-Type", "onramp.transaction.success"),
        ("User-Agent", "not signed"),
    ]

    def content(self, body, at, delivery):
        return f"{at}.".encode() + body

    def check(self, delivery, secret):
        import hook0

        headers = {name.lower(): delivery.header(name) for name, _ in delivery.headers}
        now = datetime.datetime.fromtimestamp(delivery.now, datetime.timezone.utc)
        signature = delivery.header(self.header)
        return hook0.verify_webhook_signature_with_current_time(signature, delivery.body, headers, secret, 300, now)

    def bound(self, body=None, forms=("v1",), names=None, at=NOW, secret=None, change=lambda v1: v1):
        """A delivery in the form that covers headers, alone or beside the plain one."""
        body = self.body if body is None else body
        names = self.names if names is None else names
        made = self.blank(body, str(at), headers=list(self.travelling))
        values = [made.header(name) or "" for name in names]
        covered = b".".join([str(at).encode(), " ".join(names).encode(), *(value.encode() for value in values), body])
        v1 = hmac.new((secret or self.secret).encode(), covered, hashlib.sha256).hexdigest()
        elements = {
            "v0": f"v0={self.write(self.mac(body, self.secret, str(at), made))}",
            "v1": f"h={' '.join(names)},v1={change(v1)}",
        }
        value = ",".join([f"t={at}", *(elements[form] for form in forms)])
        return made.having(headers=[*made.headers, (self.header, value)])

    def published(self, *elements):
        """The delivery of Hook0's own test (output-worker/src/work.rs of github.com/hook0/hook0)."""
        at = 1636936200
        headers = [
            (self.header, ",".join([f"t={at}", *elements])),
            ("X-Event-Id", "1a01cb48-5142-4d9b-8f90-d20cca61f0ee"),
            ("X-Event-Type", "service.resource.verb"),
        ]
        return self.blank(b"hello !", str(at), headers=headers, secrets=["secret"], now=at)

    def own_cases(self):
        published_v0 = "v0=1b3d69df55f1e52f05224ba94a5162abeb17ef52cd7f4948c390f810d6a87e98"
        published_v1 = "h=x-event-id x-event-type,v1=bc521546ba5de381b12f135782d2008b028c3065c191760b12b76850a8fc8f51"
        both, alone = self.bound(forms=("v0", "v1")), self.bound()

        def altered(delivery, old, new):
            headers = [(own, value.replace(old, new, 1)) for own, value in delivery.headers]
            return delivery.having(headers=headers)

        value = alone.header(self.header)
        forged_v0 = altered(both, both.header(self.header).split("v0=")[1].split(",")[0], WRONG)
        return {
            "v0 as published": (self.published(published_v0), "ok"),
            "v0 and v1 as published": (self.published(published_v0, published_v1), "ok"),
            "v1, body that is no object, as published": (self.published(published_v1), "body_not_an_object"),
            "v0, headers beside it": (self.bound(forms=("v0",)), "ok"),
            "v1 alone": (alone, "ok"),
            "v0 and v1": (both, "ok"),
            "v1 alone, body with blanks and letters beyond ASCII": (
                self.bound('{\r\n  "name": "Zoë 😀", "trailing": "blanks" }  \n'.encode()), "ok"),
            "v1 over one header": (self.bound(names=["x-event-id"]), "ok"),
            "v1 with another secret": (self.bound(secret=self.other_secret), "signature_mismatch"),
            "v1 changed beside a genuine v0": (self.bound(forms=("v0", "v1"), change=lambda _: WRONG), "signature_mismatch"),
            "v0 changed beside a genuine v1": (forged_v0, "signature_mismatch"),
            "v1 in upper case": (self.bound(change=str.upper), "signature_malformed"),
            "v1 too old": (alone.having(now=NOW + 301), "timestamp_too_old"),
            "v1, one byte of the body changed": (alone.having(body=self.body.replace(b"e", b"f", 1)), "signature_mismatch"),
            "v1, a bound header changed": (altered(alone, "onramp.transaction.success", "onramp.transaction.failed"), "signature_mismatch"),
            "v1, a bound header missing": (alone.without("X-Event-Id"), "header_missing"),
            "v1, a bound header twice": (
                alone.having(headers=[*alone.headers, ("x-event-id", "another")]), "header_repeated"),
            "v1, an unbound header changed": (altered(alone, "not signed", "another"), "ok"),
            "v1, the list of headers shortened": (altered(alone, " x-event-type", ""), "signature_mismatch"),
            "v1, the list of headers in another order": (
                altered(alone, "content-type x-event-id", "x-event-id content-type"), "signature_mismatch"),
            "v1 without the list of headers": (altered(alone, value.split(",")[1] + ",", ""), "signature_malformed"),
            "v1, body that is no object": (self.bound(b"hello !"), "body_not_an_object"),
        }


class MercadoPago(Listed):
    """The package takes data.id as sent; the documentation has long said lower case. Either may be signed."""

    name, header, package = "mercado-pago", "x-signature", "mercadopago"
    documentation = "https://www.mercadopago.com.br/developers/en/docs/your-integrations/notifications/webhooks"
    secret, other_secret = "mercadoSecret", "another secret"
    separator, prefix, time_item = ",", "v1=", "ts="
    body_is_signed, milliseconds = False, True
    tolerance = (300, 300)
    joined, blanks, tab = "timestamp_repeated", "ok", "ok"
    query = [("data.id", "123456")]

    def beside(self, at):
        return [("x-request-id", "req-1")]

    def content(self, body, at, delivery):
        (data_id, request_id) = (dict(delivery.query).get("data.id"), delivery.header("x-request-id"))
        parts = [("id", data_id), ("request-id", request_id), ("ts", at)]
        return "".join(f"{name}:{value};" for name, value in parts if value).encode()

    def check(self, delivery, secret):
        from mercadopago.webhook.validator import WebhookSignatureValidator

        data_id = ", ".join(value for name, value in delivery.query if name == "data.id") or None
        header, request_id = delivery.header(self.header), delivery.header("x-request-id")
        WebhookSignatureValidator.validate(header, request_id, data_id, secret)
        return True

    def check_documented(self, delivery, secret):
        lower = [(name, value.lower()) for name, value in delivery.query]
        return self.check(delivery.having(query=lower), secret)

    def own_cases(self):
        def of(data_id, sent=None, **how):
            made = self.send(query=[("data.id", data_id)], **how)
            return made.having(query=[("data.id", sent or data_id)])

        genuine = self.send()
        no_request = type("Bare", (MercadoPago,), {"beside": lambda self, at: []})()
        millis = of("123456", at=f"{NOW}000")
        injected = self.send(query=[("data.id", "123456;request-id:req-1")]).without("x-request-id")
        return {
            "data.id in upper case, signed as sent": (of("PAY01ABC"), "ok"),
            "data.id in upper case, signed in lower case": (of("ord01abc", "ORD01ABC"), "ok"),
            "data.id in lower case, signed in upper case": (of("PAY01ABC", "pay01abc"), "signature_mismatch"),
            "data.id of mixed case, signed in upper case": (of("PAY01ABC", "Pay01ABC"), "signature_mismatch"),
            "another data.id": (of("123456", "123457"), "signature_mismatch"),
            "data.id left out, signed": (genuine.having(query=[]), "signature_mismatch"),
            "data.id left out, not signed": (self.send(query=[]), "ok"),
            "data.id twice": (genuine.having(query=[*genuine.query, ("data.id", "1")]), "query_repeated"),
            "another query parameter": (genuine.having(query=[*genuine.query, ("type", "payment")]), "ok"),
            "data_id instead of data.id": (genuine.having(query=[("data_id", "123456")]), "signature_mismatch"),
            "x-request-id left out, signed": (genuine.without("x-request-id"), "signature_mismatch"),
            "x-request-id left out, not signed": (no_request.send(), "ok"),
            "neither data.id nor x-request-id": (no_request.send(query=[]), "ok"),
            "x-request-id changed": (
                genuine.having(headers=[genuine.headers[0], ("x-request-id", "req-2")]), "signature_mismatch"),
            "x-request-id twice": (
                genuine.having(headers=[*genuine.headers, ("X-Request-Id", "req-1")]), "header_repeated"),
            "x-request-id moved into data.id": (injected, "query_malformed"),
            "a blank after the comma": (self.with_value(lambda value: value.replace(",", ", ")), "ok"),
            "milliseconds, as old as may be": (millis.having(now=NOW + 300), "ok"),
            "milliseconds, too old": (millis.having(now=NOW + 301), "timestamp_too_old"),
            "milliseconds, as new as may be": (millis.having(now=NOW - 300), "ok"),
            "milliseconds, too new": (millis.having(now=NOW - 301), "timestamp_too_new"),
            "signature as v2": (self.with_value(lambda value: value.replace("v1=", "v2=")), "signature_malformed"),
        }
