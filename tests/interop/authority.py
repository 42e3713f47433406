"""A timestamp authority on loopback: `openssl ts` behind a little HTTP server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIG = """
[req]
distinguished_name = name
[name]
[tsa]
default_tsa = one
[one]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha512
ess_cert_id_alg = sha256
ordering = yes
tsa_name = yes
[extensions]
extendedKeyUsage = critical,timeStamping
"""


@dataclass(frozen=True, slots=True)
class Authority:
    """Its address, and the certificate that its tokens lead to."""

    url: str
    root: Path


@contextmanager
def authority(folder: Path, answer: bytes | None = None) -> Iterator[Authority]:
    """An authority that stamps whatever it is asked to; or always gives the same answer."""
    _prepare(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            raw = answer if answer is not None else _stamp(folder, asked)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield Authority(f"http://127.0.0.1:{server.server_port}/", folder / "ca.pem")
        finally:
            server.shutdown()
            thread.join()


def _prepare(folder: Path) -> None:
    folder.mkdir()
    (folder / "tsa.cnf").write_text(_CONFIG)
    (folder / "serial").write_text("01\n")
    new_key = ["-newkey", "rsa:2048", "-nodes", "-config", "tsa.cnf"]
    _openssl(folder, "req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-subj",
             "/CN=stamps", "-days", "3000", "-addext",
             "basicConstraints=critical,CA:TRUE")  # fmt: skip
    _openssl(folder, "req", "-new", *new_key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj",
             "/CN=stamp")  # fmt: skip
    _openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
             "-set_serial", "7", "-days", "3000", "-extfile", "tsa.cnf", "-extensions",
             "extensions", "-out", "tsa.pem")  # fmt: skip


def _stamp(folder: Path, asked: bytes) -> bytes:
    (folder / "asked.tsq").write_bytes(asked)
    _openssl(folder, "ts", "-reply", "-queryfile", "asked.tsq", "-out", "reply.tsr", "-config",
             "tsa.cnf")  # fmt: skip
    return (folder / "reply.tsr").read_bytes()


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)
