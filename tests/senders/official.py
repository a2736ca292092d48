"""Signs a body with a provider's official package: {"scheme", "secret", "body"} on standard input, headers as JSON out.

The secret comes by standard input, so that it stands in no argument list.
"""

import datetime
import json
import sys
import time


def stripe_headers(secret: str, body: str) -> dict[str, str]:
    import stripe

    timestamp = int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{timestamp}.{body}", secret)
    header = f"t={timestamp},v1={signature}"
    # The package accepts its own signature: what follows is a genuine delivery.
    stripe.WebhookSignature.verify_header(body, header, secret, tolerance=300)
    return {"Stripe-Signature": header}


def standard_webhooks_headers(secret: str, body: str) -> dict[str, str]:
    from standardwebhooks.webhooks import Webhook

    now = datetime.datetime.now(tz=datetime.timezone.utc)
    headers = {
        "webhook-id": f"msg_{now.timestamp():.6f}".replace(".", ""),
        "webhook-timestamp": str(int(now.timestamp())),
    }
    webhook = Webhook(secret)
    headers["webhook-signature"] = webhook.sign(headers["webhook-id"], now, body)
    webhook.verify(body, headers)
    return headers


SIGNERS = {"stripe": stripe_headers, "standard-webhooks": standard_webhooks_headers}


def main() -> None:
    question = json.load(sys.stdin)
    json.dump(SIGNERS[question["scheme"]](question["secret"], question["body"]), sys.stdout)


if __name__ == "__main__":
    main()
