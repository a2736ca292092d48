"""The process: go-plugin's handshake, TLS on a socket of its own, and an end when Terraform ends."""

import base64
import datetime
import os
import signal
import sys
import tempfile
import threading
from concurrent import futures

import grpc
from tf.gen import grpc_controller_pb2 as controller_pb
from tf.gen import grpc_controller_pb2_grpc as controller_rpc
from tf.gen import grpc_stdio_pb2_grpc as stdio_rpc
from tf.gen import tfplugin_pb2_grpc as rpc

from .service import OfflineProvider

MAGIC_COOKIE = ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
PARENT_CHECK_SECONDS = 0.5
LARGEST_MESSAGE = 64 << 20
LONGEST_FOLDER = 70  # characters: the path of a Unix socket has room for about a hundred


class Controller(controller_rpc.GRPCControllerServicer):
    def __init__(self, stop: threading.Event):
        self.stop = stop

    def Shutdown(self, request, context):
        self.stop.set()
        return controller_pb.Empty()


class Stdio(stdio_rpc.GRPCStdioServicer):
    def StreamStdio(self, request, context):
        return iter(())


def certificate() -> tuple[bytes, bytes, bytes]:
    """A certificate for this run only: its key and itself as PEM, and itself as DER for the handshake."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem, signed.public_bytes(serialization.Encoding.PEM), signed.public_bytes(serialization.Encoding.DER)


def main() -> None:
    name, value = MAGIC_COOKIE
    if os.environ.get(name) != value:
        sys.exit("This program is a plugin: Terraform starts it. Install it with tests/offline/install.py.")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to Terraform, which lets running operations finish
    stop, parent = threading.Event(), os.getppid()
    limits = [("grpc.max_send_message_length", LARGEST_MESSAGE), ("grpc.max_receive_message_length", LARGEST_MESSAGE)]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), options=limits)
    rpc.add_ProviderServicer_to_server(OfflineProvider(), server)
    controller_rpc.add_GRPCControllerServicer_to_server(Controller(stop), server)
    stdio_rpc.add_GRPCStdioServicer_to_server(Stdio(), server)
    key, pem, der = certificate()
    place = tempfile.gettempdir() if len(tempfile.gettempdir()) < LONGEST_FOLDER else "/tmp"
    with tempfile.TemporaryDirectory(prefix="tf-", dir=place) as folder:
        socket = f"{folder}/provider.sock"
        server.add_secure_port(f"unix://{socket}", grpc.ssl_server_credentials([(key, pem)]))
        server.start()
        print(f"1|6|unix|{socket}|grpc|{base64.b64encode(der).decode().rstrip('=')}", flush=True)
        while not stop.wait(PARENT_CHECK_SECONDS) and os.getppid() == parent:
            pass
        server.stop(grace=0.1).wait()
    os._exit(0)  # gRPC's own threads would hold the process, and with it Terraform, for a while
