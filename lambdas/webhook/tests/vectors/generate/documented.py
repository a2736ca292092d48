"""The providers without a package: each check is written from the documentation at `documentation`, and from nothing
else. What the documentation leaves open is said beside it."""

import base64
import hashlib
import hmac

from senders import Listed, Sender, Token


class Paystack(Sender):
    """The documentation's own code: github.com/PaystackOSS/doc-code-snippets, payments/webhooks/verifying-transaction."""

    name, header = "paystack", "X-Paystack-Signature"
    documentation = "https://paystack.com/docs/payments/webhooks/"
    secret, other_secret = "sk_test_first key", "sk_test_other key"
    digest = "sha512"
    body = b'{"event":"charge.success","data":{"id":302961,"reference":"qTPrJoy9Bx"}}'

    def check(self, delivery, secret):
        signature = hmac.new(secret.encode(), delivery.body, hashlib.sha512).hexdigest()
        return hmac.compare_digest(signature, delivery.header(self.header))


class AuthorizeNet(Sender):
    """The documentation says HMAC-SHA512 with the signature key and shows `sha512=` before upper-case hex. That the key
    is the text, not the bytes its hex stands for, is shown by a delivery that a merchant published with its key."""

    name, header = "authorize-net", "X-ANET-Signature"
    documentation = "https://developer.authorize.net/api/reference/features/webhooks.html"
    published = "https://community.developer.cybersource.com/t5/Integration-and-Testing/HMAC-SHA-512-hash-not-matching-in-webhook-callback/m-p/57162"
    secret = "2679A5D5785C9B26CF921E1754765CDDB265C9C88400786923E5343B315954FAFB4B7BF608818F6A21766741E8637DC206F286C725908C777ED4127D8562163D"
    other_secret = secret.replace("9", "8")
    digest, upper_case, prefix = "sha512", True, "sha512="
    body = b'{"notificationId":"d0e8e7fe-c3e7-4add-a480-27bc5ce28a18","eventType":"net.authorize.payment.void.created"}'

    def check(self, delivery, secret):
        algorithm, _, signature = delivery.header(self.header).partition("=")
        wanted = hmac.new(secret.encode(), delivery.body, hashlib.sha512).hexdigest()
        return algorithm == "sha512" and hmac.compare_digest(wanted.upper(), signature)

    def own_cases(self):
        body = (
            b'{"notificationId":"f813b98f-3552-4eeb-ba40-acb4704eeba3","eventType":"net.authorize.payment.authcapture.created",'
            b'"eventDate":"2017-03-08T17:35:37.155999Z","webhookId":"63d6fea2-aa13-4b1d-a204-f5fbc15942b7","payload":'
            b'{"responseCode":1,"authCode":"8VTPDC","avsResponse":"Y","authAmount":10.00,"entityName":"transaction","id":"60019392075"}}'
        )
        signature = (
            "sha512=9607C69D2734514554CE13D923D19939563F2FD6567D239F49F0DF0D08865632"
            "A0FB98061B4620CC52C47BB8BF6E2B69A15A67E4C98E81D7D65111076C515C6A"
        )
        published = self.blank(body, "", headers=[(self.header, signature)])
        of_bytes = type("Bytes", (AuthorizeNet,), {"key": lambda self, secret: bytes.fromhex(secret)})()
        mixed = self.with_value(lambda value: value[:7] + value[7:40].lower() + value[40:])
        return {
            "a delivery received in 2017": (published, "ok"),
            "a delivery received in 2017, changed": (published.having(body=body.replace(b"10.00", b"99.00")), "signature_mismatch"),
            "key taken as hex": (of_bytes.send(), "signature_mismatch"),
            "signature in hex of both cases": (mixed, "ok"),
        }


class CheckoutCom(Sender):
    name, header = "checkout-com", "Cko-Signature"
    documentation = "https://www.checkout.com/docs/developer-resources/webhooks/manage-webhooks/set-up-your-webhook-receiver"
    secret, other_secret = "checkout signature key", "another signature key"

    def check(self, delivery, secret):
        """SHA-256 with the signature key over the raw body, sent "hex-encoded (Base16)"."""
        signature = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(signature, delivery.header(self.header))


class FlutterwaveV3(Token):
    name, header = "flutterwave-v3", "verif-hash"
    documentation = "https://developer.flutterwave.com/docs/integration-guides/webhooks"
    secret, other_secret = "Flutterwave secret hash", "another secret hash"

    def check(self, delivery, secret):
        """The secret hash of the dashboard, as it is."""
        return hmac.compare_digest(secret.encode(), delivery.header(self.header).encode())


class FlutterwaveV4(Sender):
    """Older pages compare the header to the secret hash itself, as v3 does; the current one computes an HMAC-SHA256 of
    the raw body with it, in base64."""

    name, header = "flutterwave-v4", "flutterwave-signature"
    documentation = "https://developer.flutterwave.com/docs/webhooks"
    secret, other_secret = "Flutterwave secret hash", "another secret hash"
    encoding = "base64"

    def check(self, delivery, secret):
        signature = base64.b64encode(hmac.new(secret.encode(), delivery.body, hashlib.sha256).digest())
        return hmac.compare_digest(signature, delivery.header(self.header).encode())

    def own_cases(self):
        return {"the secret itself, as v3 sends it": (self.send(write=lambda _: self.secret), "signature_malformed")}


class Klarna(Sender):
    """The documentation says HMAC-SHA256 over the raw JSON and leaves the encoding open; lower-case hex is assumed."""

    name, header = "klarna", "Klarna-Signature"
    documentation = "https://docs.klarna.com/klarna-network-distribution/manage-partners/integration-setup-and-notifications/webhooks"
    secret, other_secret = "klarna signing key", "another signing key"
    describing = [("Klarna-Signing-Key-Id", "krn:partner:global:notification:signing-key:1")]

    def check(self, delivery, secret):
        signature = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(signature, delivery.header(self.header))

    def own_cases(self):
        key_id, value = self.describing[0]
        other = self.send().having(headers=[self.send().headers[0], (key_id, "another")])
        return {"another key id": (other, "ok"), "no key id": (self.send().without(key_id), "ok")}


class Worldpay(Listed):
    """`{keyId}/{hashFunction}/{signature}`, several joined by commas in any order. The documentation shows the signature
    as X's: its encoding is open; lower-case hex is assumed."""

    name, header = "worldpay", "Event-Signature"
    documentation = "https://developer.worldpay.com/products/access/events/signature/"
    secret, other_secret = "worldpay shared secret", "another shared secret"
    separator, prefix = ",", "1/SHA256/"
    joined, blanks = "ok", "ok"

    def check(self, delivery, secret):
        functions = {"SHA256": hashlib.sha256}
        found = False
        for element in delivery.header(self.header).split(","):
            key_id, function, signature = element.split("/")
            wanted = hmac.new(secret.encode(), delivery.body, functions[function]).hexdigest()
            found |= bool(key_id) and hmac.compare_digest(wanted, signature)
        return found

    def own_cases(self):
        def replaced(new):
            return self.with_value(lambda value: value.replace("1/SHA256/", new))

        wrong = "signature_malformed"
        return {
            "a key id of several digits": (replaced("20/SHA256/"), "ok"),
            "no key id": (replaced("/SHA256/"), wrong),
            "another hash function": (replaced("1/MD5/"), wrong),
            "hash function in lower case": (replaced("1/sha256/"), wrong),
            "hash function with a hyphen": (replaced("1/SHA-256/"), wrong),
            "no hash function": (replaced("1/"), wrong),
            "no first slash": (replaced("1SHA256/"), wrong),
            "no second slash": (replaced("1/SHA256"), wrong),
        }


class Xendit(Token):
    name, header = "xendit", "X-Callback-Token"
    documentation = "https://help.xendit.co/hc/en-us/articles/360038072991-How-to-validate-if-the-webhook-is-sent-from-Xendit"
    secret, other_secret = "xendit verification token", "another verification token"

    def check(self, delivery, secret):
        return hmac.compare_digest(secret.encode(), delivery.header(self.header).encode())
