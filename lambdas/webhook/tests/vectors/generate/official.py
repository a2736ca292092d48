"""The providers that have a package: it signs where it can, and says of every delivery whether it is genuine.

`package` names the one for Python and `check` asks it; the ones for Node are asked by `verify.mjs`. A package that
raises says no, unless what it raises comes after the signature was found right.
"""

import base64
import datetime
import types

from senders import NOW, WRONG, Listed, Sender


class Stripe(Listed):
    name, header, package = "stripe", "Stripe-Signature", "stripe"
    secret, other_secret = "whsec_stripeTest", "whsec_stripeOther"
    odd_secret = "it's a secret, with blanks and Zoë"
    separator, prefix, time_item = ",", "v1=", "t="
    tolerance = (300, 300)
    joined, blanks = "timestamp_repeated", "signature_malformed"

    def content(self, body, at, delivery):
        return f"{at}.".encode() + body

    def check(self, delivery, secret):
        import stripe

        return stripe.WebhookSignature.verify_header(delivery.body, delivery.header(self.header), secret, 300)

    def own_cases(self):
        import stripe

        header = stripe.WebhookSignature.generate_signature_header(self.body.decode(), self.secret, NOW)
        by_package = self.blank(self.body, str(NOW), headers=[(self.header, header)])
        return {
            "signed by the package": (by_package, "ok"),
            "signature as v0": (self.with_value(lambda value: value.replace("v1=", "v0=")), "signature_malformed"),
            "v0 beside v1": (self.with_value(lambda value: f"{value},v0={WRONG}"), "ok"),
            "secret without its prefix": (self.send(secret="stripeTest"), "signature_mismatch"),
        }


class StandardWebhooks(Listed):
    name, header, package = "standard-webhooks", "webhook-signature", "standardwebhooks"
    module, family = "standardwebhooks.webhooks", "webhook"
    secret, other_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_NfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    odd_secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    encoding, separator, prefix = "base64", " ", "v1,"
    tolerance, blanks = (300, 300), "ok"
    message_id = "msg_p5jXN8AQM9LWM0D4loKWxJek"

    def key(self, secret):
        return base64.b64decode(secret.removeprefix("whsec_"))

    def beside(self, at):
        return [(f"{self.family}-id", self.message_id), (f"{self.family}-timestamp", at)]

    def content(self, body, at, delivery):
        return f"{delivery.header(f'{self.family}-id')}.{at}.".encode() + body

    def check(self, delivery, secret):
        import importlib

        sdk = importlib.import_module(self.module)
        names = {f"{self.family}-{part}" for part in ("id", "timestamp", "signature")}
        headers = {name: delivery.header(name) for name in names if delivery.header(name) is not None}
        further = {} if self.package == "svix" else {"json_parse": False}
        sdk.Webhook(secret).verify(delivery.body, headers, **further)
        return True

    def own_cases(self):
        import importlib

        sdk = importlib.import_module(self.module)
        at = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)
        signed = sdk.Webhook(self.secret).sign(self.message_id, at, self.body.decode())
        by_package = self.blank(self.body, str(NOW))
        by_package = by_package.having(headers=[(self.header, signed), *by_package.headers])
        genuine, name = self.send(), f"{self.family}-id"
        other_id = [(own, "msg_other" if own == name else value) for own, value in genuine.headers]
        asymmetric = base64.b64encode(b"x" * 64).decode()
        moved = self.send(f"{NOW}.{{}}".encode())
        moved_id = [(own, f"{value}.{NOW}" if own == name else value) for own, value in moved.headers]
        # The reference delivery of the specification.
        reference = self.blank(b'{"test": 2432232314}', str(NOW))
        reference = reference.having(headers=[(self.header, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="), *reference.headers])
        return {
            "published with the specification": (reference, "ok"),
            "signed by the package": (by_package, "ok"),
            "another id than the signed one": (genuine.having(headers=other_id), "signature_mismatch"),
            "id missing": (genuine.without(name), "header_missing"),
            "id twice": (genuine.having(headers=[*genuine.headers, (name, self.message_id)]), "header_repeated"),
            "v1a beside v1": (self.with_value(lambda value: f"v1a,{asymmetric} {value}"), "ok"),
            "v1a alone": (self.with_value(lambda _: f"v1a,{asymmetric}"), "signature_malformed"),
            "version missing": (self.with_value(lambda value: value.removeprefix("v1,")), "signature_malformed"),
            "a dot moved from the body into the id": (moved.having(headers=moved_id, body=b"{}"), "header_malformed"),
        }


class Svix(StandardWebhooks):
    name, header, package = "svix", "svix-signature", "svix"
    module, family = "svix.webhooks", "svix"

    def own_cases(self):
        genuine = self.send()
        unbranded = [(own.replace("svix-", "webhook-"), value) for own, value in genuine.headers]
        return super().own_cases() | {"headers of Standard Webhooks": (genuine.having(headers=unbranded), "header_missing")}


class Square(Sender):
    name, header, package = "square", "x-square-hmacsha256-signature", "squareup"
    secret, other_secret = "squareKey, 1", "squareKey, 2"
    encoding = "base64"
    params = {"notification_url": "https://example.com/webhook/square"}

    def content(self, body, at, delivery):
        return delivery.params["notification_url"].encode() + body

    def check(self, delivery, secret):
        from square.utils.webhooks_helper import verify_signature

        return verify_signature(
            request_body=delivery.text(),
            signature_header=delivery.header(self.header),
            signature_key=secret,
            notification_url=delivery.params["notification_url"],
        )

    def own_cases(self):
        def url(text):
            return {"notification_url": text}

        plain, made = self.params["notification_url"], {}
        for name, text in [
            ("a slash at the end", f"{plain}/"),
            ("a query", f"{plain}?shop=1&next=%2Fpath%20x"),
            ("a slash and a query", f"{plain}/?a=b"),
            ("a port", "https://example.com:8443/webhook/square"),
            ("upper case", "https://Example.com/Webhook/Square"),
        ]:
            made[f"URL with {name}"] = (self.send(params=url(text)), "ok")
            made[f"URL registered with {name}, configured without"] = (
                self.send(params=url(text)).having(params=url(plain)), "signature_mismatch")
        body_alone = self.send(params=url("")).having(params=url(plain))
        after = self.send(self.body + plain.encode(), params=url("")).having(params=url(plain), body=self.body)
        return made | {
            "body signed without the URL": (body_alone, "signature_mismatch"),
            "URL after the body": (after, "signature_mismatch"),
        }


class Shopify(Sender):
    name, header, package = "shopify", "X-Shopify-Hmac-Sha256", None
    secret, other_secret = "shpss_client secret", "shpss_another secret"
    encoding = "base64"
    describing = [
        ("X-Shopify-Topic", "orders/paid"),
        ("X-Shopify-Shop-Domain", "my-store.myshopify.com"),
        ("X-Shopify-Event-Id", "98880550-7158-44d4-b7cd-2c97c8a091b5"),
        ("X-Shopify-Triggered-At", "2023-03-29T18:00:27.877041743Z"),
    ]

    def beside(self, at):
        # Unsigned, and read by the package alone.
        return [("X-Shopify-API-Version", "2026-07"), ("X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043")]

    def own_cases(self):
        genuine = self.send()
        topic = [(own, "orders/create" if own == "X-Shopify-Topic" else value) for own, value in genuine.headers]
        events = genuine.renamed(self.header, "Shopify-Hmac-Sha256")
        return {
            "another topic, which is not signed": (genuine.having(headers=topic), "ok"),
            "header of the events family": (events, "header_missing"),
        }


class GitHub(Sender):
    name, header, package = "github", "X-Hub-Signature-256", None
    secret, other_secret = "It's a Secret to Everybody", "It's a Secret to Nobody"
    prefix = "sha256="
    describing = [("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")]

    def own_cases(self):
        published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        hello = self.blank(b"Hello, World!", "")
        older = self.with_value(lambda value: value.replace("sha256=", "sha1="))
        name = self.send(digest="sha1").renamed(self.header, "X-Hub-Signature")
        return {
            "published in the documentation": (hello.having(headers=[(self.header, published), *hello.headers]), "ok"),
            "prefix of SHA-1": (older, "signature_malformed"),
            "the older header with SHA-1": (name, "header_missing"),
        }


class Razorpay(Sender):
    name, header, package = "razorpay", "X-Razorpay-Signature", "razorpay"
    secret, other_secret = "razorpay secret", "another razorpay secret"
    describing = [("X-Razorpay-Event-Id", "evt_0001")]

    def check(self, delivery, secret):
        import razorpay

        utility = razorpay.Client(auth=("", "")).utility
        return utility.verify_webhook_signature(delivery.text(), delivery.header(self.header), secret)


class GoCardless(Sender):
    name, header, package = "gocardless", "Webhook-Signature", "gocardless_pro"
    secret, other_secret = "gocardless secret", "another gocardless secret"
    body = b'{"events":[],"meta":{"webhook_id":"WB1"}}'

    def check(self, delivery, secret):
        from gocardless_pro import errors, webhooks

        try:
            webhooks.parse(delivery.body, secret, delivery.header(self.header))
        except (KeyError, ValueError) as error:
            # The body is read after the signature was found right; a body of no events is no matter here.
            if isinstance(error, errors.InvalidSignatureError):
                raise
        return True


class Mollie(Sender):
    name, header, package = "mollie", "X-Mollie-Signature", "mollie-api-py"
    secret, other_secret = "mollie secret", "another mollie secret"
    prefix = "sha256="

    def check(self, delivery, secret):
        from mollie.utils.webhooks import signature_validator

        validator = signature_validator.SignatureValidator(secret)
        return validator.validate_payload(delivery.text(), delivery.header(self.header))


class Paddle(Listed):
    name, header, package = "paddle", "Paddle-Signature", "paddle-python-sdk"
    secret, other_secret = "pdl_ntfset_first secret", "pdl_ntfset_other secret"
    separator, prefix, time_item = ";", "h1=", "ts="
    tolerance = (60, 60)
    joined, blanks = "signature_mismatch", "signature_malformed"

    def content(self, body, at, delivery):
        return f"{at}:".encode() + body

    def check(self, delivery, secret):
        from paddle_billing.Notifications import Secret, Verifier

        request = types.SimpleNamespace(headers={self.header: delivery.header(self.header)}, body=delivery.body)
        return Verifier(maximum_variance=60).verify(request, Secret(secret))


class AdyenPlatform(Sender):
    name, header, package = "adyen-platform", "HmacSignature", "Adyen"
    secret = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
    other_secret = secret.replace("4", "5")
    odd_secret = secret.lower()
    encoding = "base64"

    def key(self, secret):
        return bytes.fromhex(secret)

    def check(self, delivery, secret):
        from Adyen.util import is_valid_hmac_payload

        return is_valid_hmac_payload(delivery.header(self.header), secret, delivery.body)

    def own_cases(self):
        key = type("Text", (AdyenPlatform,), {"key": lambda self, secret: secret.encode()})
        prefixed = self.send(secrets=[f"whsec_{self.secret}"])
        return {
            "key taken as text": (key().send(), "signature_mismatch"),
            "a secret with another provider's prefix": (prefixed, "secret_key_encoding"),
        }


class CoinbaseCommerce(Sender):
    name, header, package = "coinbase-commerce", "X-CC-Webhook-Signature", "coinbase-commerce"
    secret, other_secret = "coinbase commerce secret", "another coinbase secret"

    def check(self, delivery, secret):
        from coinbase_commerce.webhook import WebhookSignature

        return WebhookSignature.verify_sig_header(delivery.text(), delivery.header(self.header), secret)
