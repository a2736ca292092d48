"""Writes sdk.json: deliveries that the providers' own packages call genuine.

Signatures are computed here from each provider's documentation; a delivery is written only if the official
package accepts it, and a copy with one byte changed is one that it refuses. Coinbase has no package for its webhooks
but sends them with Hook0, whose package it is; Mercado Pago's package takes `data.id` as sent, while its
documentation has long said lower case, so that form is checked by the documentation's formula.

    pip install stripe==16.1.0 standardwebhooks==1.1.0 svix==2.9.1 squareup==46.0.0.20260916 razorpay==2.0.1 \
        gocardless_pro==3.22.0 mollie-api-py==1.10.20 paddle-python-sdk==1.16.1 Adyen==16.0.0 \
        coinbase-commerce==1.0.1 mercadopago==3.6.0 hook0-client==2.0.3
    python generate.py
"""

import base64
import datetime
import hashlib
import hmac
import json
import pathlib
import types

NOW = 1614265330
BODIES = [
    '{"id":"evt_1","type":"payment.created","amount":1130.0}',
    '{\r\n  "name": "Zoë 😀", "trailing": "blanks" }  \n',
]


def mac(key, content, digest="sha256"):
    key = key if isinstance(key, bytes) else key.encode()
    content = content if isinstance(content, bytes) else content.encode()
    return hmac.new(key, content, getattr(hashlib, digest)).digest()


def b64(raw):
    return base64.b64encode(raw).decode()


def raises(check, body):
    try:
        return check(body) is False
    except Exception:
        return True


def stripe(body):
    import stripe as sdk

    secret = "whsec_stripeTest"
    good = mac(secret, f"{NOW}.{body}").hex()
    header = f"t={NOW},v1={'0' * 64},v1={good},v0=ignored"
    return secret, {}, {"Stripe-Signature": header}, {}, lambda b: sdk.WebhookSignature.verify_header(b, header, secret, None)


def standard(package, prefix):
    def make(body):
        import importlib

        sdk = importlib.import_module(package)
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        at = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)
        signature = sdk.Webhook(secret).sign("msg_1", at, body)
        headers = {
            f"{prefix}-id": "msg_1",
            f"{prefix}-timestamp": str(NOW),
            f"{prefix}-signature": f"v1a,{b64(b'x' * 64)} v1,{b64(b'y' * 32)} {signature}",
        }

        def check(changed):
            webhook = sdk.Webhook(secret)
            # The age is not what is tested here. svix wraps the class of standardwebhooks.
            getattr(webhook, "_inner", webhook)._Webhook__verify_timestamp = lambda _: at
            webhook.verify(changed, headers)

        return secret, {}, headers, {}, check

    return make


def square(body):
    from square.utils.webhooks_helper import verify_signature

    key, url = "squareKey", "https://example.com/webhook/square"
    header = b64(mac(key, url + body))

    def check(b):
        return verify_signature(request_body=b, signature_header=header, signature_key=key, notification_url=url)

    return key, {"notification_url": url}, {"x-square-hmacsha256-signature": header}, {}, check


def razorpay(body):
    import razorpay as sdk

    header = mac("razorpaySecret", body).hex()
    client = sdk.Client(auth=("", ""))
    check = lambda b: client.utility.verify_webhook_signature(b, header, "razorpaySecret")
    return "razorpaySecret", {}, {"X-Razorpay-Signature": header}, {}, check


def gocardless(_):
    from gocardless_pro import webhooks

    body = '{"events":[],"meta":{"webhook_id":"WB1"}}'
    header = mac("gocardlessSecret", body).hex()
    return "gocardlessSecret", {}, {"Webhook-Signature": header}, {}, lambda b: webhooks.parse(b, "gocardlessSecret", header) and None, body


def mollie(body):
    from mollie.utils.webhooks import signature_validator

    header = "sha256=" + mac("mollieSecret", body).hex()
    validator = signature_validator.SignatureValidator("mollieSecret")
    return "mollieSecret", {}, {"X-Mollie-Signature": header}, {}, lambda b: validator.validate_payload(b, header)


def paddle(body):
    from paddle_billing.Notifications import Secret, Verifier

    good = mac("pdl_secret", f"{NOW}:{body}").hex()
    header = f"ts={NOW};h1={'0' * 64};h1={good}"

    def check(b):
        request = types.SimpleNamespace(headers={"Paddle-Signature": header}, body=b.encode())
        return Verifier().verify(request, Secret("pdl_secret"), verify_time_drift=False)

    return "pdl_secret", {}, {"Paddle-Signature": header}, {}, check


def adyen(body):
    from Adyen.util import is_valid_hmac_payload

    key = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
    header = b64(mac(bytes.fromhex(key), body))
    return key, {}, {"HmacSignature": header}, {}, lambda b: is_valid_hmac_payload(header, key, b.encode())


def coinbase(body):
    from coinbase_commerce.webhook import WebhookSignature

    header = mac("coinbaseSecret", body).hex()
    check = lambda b: WebhookSignature.verify_sig_header(b, header, "coinbaseSecret")
    return "coinbaseSecret", {}, {"X-CC-Webhook-Signature": header}, {}, check


def coinbase_cdp(forms):
    def make(body):
        import hook0

        secret, names = "coinbaseCdpSecret", ["content-type", "x-event-id", "x-event-type"]
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Event-Id": "c3b5f2f8-5a5e-4a1e-9c0e-000000000001",
            "X-Event-Type": "onramp.transaction.success",
            "User-Agent": "not signed",
        }
        values = [value for name in names for sent, value in headers.items() if sent.lower() == name]
        elements = {
            "v0": f"v0={mac(secret, f'{NOW}.{body}').hex()}",
            "v1": f"h={' '.join(names)},v1={mac(secret, '.'.join([str(NOW), ' '.join(names), *values, body])).hex()}",
        }
        header = ",".join([f"t={NOW}", *(elements[form] for form in forms)])
        now = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)

        def check(b):
            return hook0.verify_webhook_signature_with_current_time(header, b.encode(), headers, secret, 300, now)

        return secret, {}, {**headers, "X-Hook0-Signature": header}, {}, check

    return make


def mercado(signed_id, sent_id, by_package):
    def make(_):
        from mercadopago.webhook.validator import WebhookSignatureValidator

        content = f"id:{signed_id};request-id:req-1;ts:{NOW}000;"
        header = f"ts={NOW}000, v1={mac('mercadoSecret', content).hex()}"

        def check(_):
            if by_package:
                WebhookSignatureValidator.validate(header, "req-1", sent_id, "mercadoSecret")
                return None
            documented = f"id:{sent_id.lower()};request-id:req-1;ts:{NOW}000;"
            return header.endswith(mac("mercadoSecret", documented).hex())

        headers = {"x-signature": header, "x-request-id": "req-1"}
        return "mercadoSecret", {}, headers, {"data.id": sent_id}, check

    return make


SCHEMES = [
    ("stripe", stripe),
    ("standard-webhooks", standard("standardwebhooks", "webhook")),
    ("svix", standard("svix.webhooks", "svix")),
    ("square", square),
    ("razorpay", razorpay),
    ("gocardless", gocardless),
    ("mollie", mollie),
    ("paddle", paddle),
    ("adyen-platform", adyen),
    ("coinbase-commerce", coinbase),
    ("coinbase-cdp", coinbase_cdp(["v0"])),
    ("coinbase-cdp", coinbase_cdp(["v1"])),
    ("coinbase-cdp", coinbase_cdp(["v0", "v1"])),
    ("mercado-pago", mercado("123456", "123456", True)),
    ("mercado-pago", mercado("PAY01ABC", "PAY01ABC", True)),
    ("mercado-pago", mercado("ord01abc", "ORD01ABC", False)),
]

vectors = []
for scheme, make in SCHEMES:
    for body in BODIES:
        secret, params, headers, query, check, *own_body = make(body)
        body = own_body[0] if own_body else body
        assert check(body) is not False, f"{scheme}: the package refuses a genuine delivery"
        if scheme != "mercado-pago":  # whose signature does not cover the body
            assert raises(check, body.replace("e", "f", 1)), f"{scheme}: the package accepts a forgery"
        vectors.append(
            {"scheme": scheme, "secret": secret, "params": params, "now": NOW, "headers": headers, "query": query, "body": body}
        )
path = pathlib.Path(__file__).with_name("sdk.json")
path.write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")
print(f"{len(vectors)} deliveries of {len({scheme for scheme, _ in SCHEMES})} schemes")
