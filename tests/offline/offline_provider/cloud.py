"""Calls to the AWS-compatible endpoint: on loopback only, signed, retried while a condition is about to pass."""

import functools
import ipaddress
import os
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ALIASES = {"events": ("eventbridge", "cloudwatchevents"), "logs": ("cloudwatchlogs",), "cloudwatch": ("cloudwatchmetrics",)}
RETRY_SECONDS = 60.0
GONE = re.compile(r"NotFound|NoSuch|NonExistent|DoesNotExist|^404$")
# (operation, error code, message): refusals that pass by themselves, as they also do on AWS
PASSING = [
    ("create_queue", "QueueDeletedRecently", ""),
    ("create_function", "InvalidParameterValue", "role|assume"),
    ("update_function", "ResourceConflict", "progress|Pending"),
    ("create_event_source_mapping", "InvalidParameterValue", "role|permission"),
    ("create_secret", "InvalidRequest", "deletion"),
    ("", "OperationAborted|ConcurrentModification|TooManyUpdates", ""),
]


class EndpointRefused(Exception):
    """The endpoint is not on loopback, or there is none."""


class CallFailed(Exception):
    """The service said no."""

    def __init__(self, service: str, operation: str, code: str, message: str):
        super().__init__(f"{service} {operation}: {code}: {message}")
        self.operation, self.code, self.message = operation, code, message

    @property
    def gone(self) -> bool:
        return bool(GONE.search(self.code))

    @property
    def unheard_of(self) -> bool:
        """The emulator has no such operation."""
        return bool(re.search(r"unknown (action|operation)|not implemented", self.message, re.I))

    @property
    def passing(self) -> bool:
        return any(
            self.operation.startswith(operation) and re.search(code, self.code) and re.search(message, self.message)
            for operation, code, message in PASSING
        )


def require_loopback(url: str) -> str:
    host = urlsplit(url).hostname or ""
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise EndpointRefused(
            f"{url} is not on loopback. The offline provider talks to an emulator on this machine only, never to AWS: give "
            "http://127.0.0.1:<port>, or use the official hashicorp/aws provider from the Terraform registry."
        )
    return url


@dataclass
class Cloud:
    """What the provider block says, and one client per service."""

    region: str = "us-east-1"
    access_key: str = "test"
    secret_key: str = "test"
    path_style: bool = True
    endpoints: dict = field(default_factory=dict)
    default_tags: dict = field(default_factory=dict)
    clock: callable = time.monotonic
    sleep: callable = time.sleep

    def __post_init__(self):
        self.clients, self.lock, self.account_id = {}, threading.Lock(), None

    def endpoint(self, service: str) -> str:
        explicit = next((self.endpoints[key] for key in (service, *ALIASES.get(service, ())) if self.endpoints.get(key)), None)
        url = explicit or os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}") or os.environ.get("AWS_ENDPOINT_URL")
        if not url:
            raise EndpointRefused(
                f"no endpoint for {service}: the offline provider needs the address of an emulator on this machine in the "
                "provider block's `endpoints` (or in AWS_ENDPOINT_URL)."
            )
        return require_loopback(url)

    def client(self, service: str):
        with self.lock:
            if service not in self.clients:
                self.clients[service] = self.new_client(service)
            return self.clients[service]

    def new_client(self, service: str):
        from botocore.config import Config  # late: the schema does without its half second

        config = Config(
            proxies={},
            max_pool_connections=16,
            retries={"mode": "standard", "total_max_attempts": 4},
            s3={"addressing_style": "path" if self.path_style else "auto"},
            connect_timeout=5,
            read_timeout=60,
            parameter_validation=True,
        )
        client = session().create_client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoint(service),
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=config,
        )
        client.meta.events.register("before-send", lambda request, **_: require_loopback(request.url) and None)
        return client

    def shapes(self, service: str, operation: str):
        return operation_model(service, operation)

    def call(self, service: str, operation: str, **parameters) -> dict:
        from botocore.exceptions import BotoCoreError, ClientError

        client, deadline, pause = self.client(service), self.clock() + RETRY_SECONDS, 0.1
        while True:
            try:
                return getattr(client, operation)(**parameters)
            except ClientError as error:
                details = error.response.get("Error", {})
                failure = CallFailed(service, operation, str(details.get("Code", "")), details.get("Message", ""))
            except BotoCoreError as error:
                raise CallFailed(service, operation, type(error).__name__, str(error)) from None
            if not failure.passing or self.clock() + pause > deadline:
                raise failure
            self.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, 4.0)

    def wait(self, what: str, done: callable) -> None:
        """Until `done` answers true, for a bounded time."""
        deadline, pause = self.clock() + RETRY_SECONDS, 0.02
        while not done():
            if self.clock() > deadline:
                raise CallFailed("", "wait", "TimedOut", f"{what} did not settle within {RETRY_SECONDS:.0f} seconds")
            self.sleep(pause)
            pause = min(pause * 2, 2.0)

    def context(self) -> dict:
        """The names that templates may use besides attributes."""
        with self.lock:
            known = self.account_id
        if known is None:
            known = self.call("sts", "get_caller_identity")["Account"]
            with self.lock:
                self.account_id = known
        return {"region": self.region, "account": known, "partition": "aws", "dns_suffix": "amazonaws.com"}


@functools.cache
def session():
    """One for all clients, since loading its data takes longer than a call; it reads none of the user's files."""
    import botocore.session

    fixed = {"profile": None, "config_file": os.devnull, "credentials_file": os.devnull}
    return botocore.session.Session(session_vars={name: (None, None, value, None) for name, value in fixed.items()})


@functools.cache
def operation_model(service: str, operation: str):
    """The input and output shape of an operation; needs no endpoint and no network."""
    model = service_model(service)
    return model.operation_model(next(name for name in model.operation_names if snake(name) == operation))


@functools.cache
def service_model(service: str):
    return session().get_service_model(service)


def snake(operation: str) -> str:
    from botocore import xform_name

    return xform_name(operation)
