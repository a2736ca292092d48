// Asks the providers' packages for Node: a list of deliveries in on standard input, true or false for each out.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { verify as octokit } from "@octokit/webhooks-methods";

const require = createRequire(import.meta.url);
const { hmacValidator: Adyen } = require("@adyen/api-library");
const CoinbaseCommerce = require("coinbase-commerce-node");
const { verifySignature: goCardless } = require("gocardless-nodejs/webhooks");
const { WebhookSignatureValidator } = require("mercadopago");
const { Paddle } = require("@paddle/paddle-node-sdk");
const Razorpay = require("razorpay");
const { WebhooksHelper: Square } = require("square");
const standardWebhooks = require("standardwebhooks");
const Stripe = require("stripe");
const svix = require("svix");
require("@shopify/shopify-api/adapters/node");
const { shopifyApi } = require("@shopify/shopify-api");

// Every package looks at the clock through Date.
const RealDate = Date;
let now = 0;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [now]));
  }
  static now() {
    return now;
  }
};

/// Whether the call returns; an error of another kind than `refusal` comes after the signature was found right.
function holds(call, refusal) {
  try {
    call();
    return true;
  } catch (error) {
    return refusal !== undefined && !(error instanceof refusal);
  }
}

function shopify(secret) {
  return shopifyApi({
    apiKey: "key", apiSecretKey: secret, hostName: "example.com", apiVersion: "2026-07", isEmbeddedApp: false,
    logger: { log: () => {} },
  });
}

const family = (name) => ({ headers }) =>
  Object.fromEntries(["id", "timestamp", "signature"].map((part) => [`${name}-${part}`, headers[`${name}-${part}`]]));

export const CHECKS = {
  "adyen-platform": ["@adyen/api-library", (d, secret) => new Adyen().validateHMACSignature(secret, d.signature, d.text)],
  "coinbase-commerce": ["coinbase-commerce-node", (d, secret) => CoinbaseCommerce.Webhook.verifySigHeader(d.text, d.signature, secret)],
  github: ["@octokit/webhooks-methods", (d, secret) => octokit(secret, d.text, d.signature)],
  gocardless: ["gocardless-nodejs", (d, secret) => holds(() => goCardless(d.bytes, secret, d.signature))],
  "mercado-pago": ["mercadopago", (d, secret) => holds(() =>
    WebhookSignatureValidator.validate({
      xSignature: d.signature, xRequestId: d.headers["x-request-id"], dataId: d.query["data.id"], secret,
    }))],
  paddle: ["@paddle/paddle-node-sdk", (d, secret) => new Paddle("key").webhooks.isSignatureValid(d.text, secret, d.signature)],
  razorpay: ["razorpay", (d, secret) => Razorpay.validateWebhookSignature(d.text, d.signature, secret)],
  shopify: ["@shopify/shopify-api", async (d, secret) => {
    const rawRequest = { method: "POST", url: "/", headers: d.headers };
    return (await shopify(secret).webhooks.validate({ rawBody: d.text, rawRequest, rawResponse: {} })).valid;
  }],
  square: ["square", (d, secret) => Square.verifySignature({
    requestBody: d.text, signatureHeader: d.signature, signatureKey: secret, notificationUrl: d.params.notification_url,
  })],
  "standard-webhooks": ["standardwebhooks", (d, secret) =>
    holds(() => new standardWebhooks.Webhook(secret).verify(d.bytes, family("webhook")(d)), standardWebhooks.WebhookVerificationError)],
  stripe: ["stripe", (d, secret) => Stripe.webhooks.signature.verifyHeader(d.bytes, d.signature, secret, 300)],
  svix: ["svix", (d, secret) =>
    holds(() => new svix.Webhook(secret).verify(d.bytes, family("svix")(d)), svix.WebhookVerificationError)],
};

function version(name) {
  return JSON.parse(fs.readFileSync(path.join(import.meta.dirname, "node_modules", name, "package.json"))).version;
}

async function genuine({ scheme, secrets, ...delivery }) {
  now = delivery.now * 1000;
  const bytes = Buffer.from(delivery.body, "base64");
  // Packages that take text alone are given what a text reader makes of the bytes.
  const d = { ...delivery, bytes, text: bytes.toString("utf8") };
  for (const secret of secrets) {
    try {
      if (await CHECKS[scheme][1](d, secret)) return true;
    } catch {
      // Refused.
    }
  }
  return false;
}

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const answers = [];
for (const delivery of asked) answers.push(delivery.scheme in CHECKS ? await genuine(delivery) : null);
const packages = Object.entries(CHECKS).map(([scheme, [name]]) => [scheme, `${name} ${version(name)} (npm)`]);
process.stdout.write(JSON.stringify({ packages: Object.fromEntries(packages), answers }));
