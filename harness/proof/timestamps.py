"""Timestamps (RFC 3161): an authority's word that a signature existed at a time.

What is stamped is the first signature of the envelope, so the token proves that it was made
before, and with it everything it covers. Answers are bounded in size and time and are checked
before they are kept.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.parse import urlsplit

from asn1crypto import tsp
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from harness.errors import SignatureError

_PATIENCE_S = 30.0
_MAX_ANSWER = 256 * 1024
_GRANTED = (0, 1)


def request(url: str, signature: bytes) -> bytes:
    """Asks an authority to stamp a signature; its answer (DER), for ``timestamp.tsr``.

    Raises:
        SignatureError: It cannot be reached, refuses, or stamps something else.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise SignatureError(f"--tsa {url[:120]}: give an http or https address")
    asked = TimestampRequestBuilder().data(signature).hash_algorithm(HashAlgorithm.SHA256).build()
    raw = _post(url, asked.as_bytes())
    answer = _decoded(raw, f"--tsa {url[:120]}")
    if answer.tst_info.nonce != asked.nonce:
        raise SignatureError(f"--tsa {url[:120]}: answered something else than was asked")
    _check_imprint(answer, signature)
    return raw


def claimed_time(raw: bytes, signature: bytes) -> datetime:
    """The time that a token names; whether to believe it, :func:`check` tells.

    Raises:
        SignatureError: It is no token, or stamps something else.
    """
    answer = _decoded(raw, "timestamp.tsr")
    _check_imprint(answer, signature)
    return answer.tst_info.gen_time.astimezone(UTC)


def check(raw: bytes, signature: bytes, roots: Sequence[x509.Certificate]) -> datetime:
    """The time at which a trusted authority stamped the signature.

    Raises:
        SignatureError: The token is another's, or stamps something else.
    """
    at = claimed_time(raw, signature)
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(_decoded(raw, "timestamp.tsr"), signature)
    except (VerificationError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        raise SignatureError(f"the timestamp does not lead to --tsa-root ({said})") from error
    return at


def _post(url: str, body: bytes) -> bytes:
    asked = urllib.request.Request(
        url, data=body, headers={"Content-Type": "application/timestamp-query"}, method="POST"
    )
    # Neither files nor redirections to them: only what was named is asked.
    opener = urllib.request.build_opener(_StaysThere)
    try:
        with opener.open(asked, timeout=_PATIENCE_S) as answer:
            raw: bytes = answer.read(_MAX_ANSWER + 1)
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise SignatureError(f"--tsa {url[:120]}: no answer ({reason})") from error
    if len(raw) > _MAX_ANSWER:
        raise SignatureError(f"--tsa {url[:120]}: answered more than a timestamp")
    return raw


class _StaysThere(urllib.request.HTTPRedirectHandler):
    """Follows no redirection."""

    def redirect_request(
        self, req: object, fp: object, code: int, msg: str, headers: object, newurl: str
    ) -> None:
        """Nothing else is asked: the answer stands as an error."""


def _decoded(raw: bytes, where: str) -> TimeStampResponse:
    try:
        answer = _parsed(raw)
        if answer.status not in _GRANTED:
            raise SignatureError(f"{where}: the authority refused (status {answer.status})")
        _ = answer.tst_info.gen_time
    except (ValueError, TypeError, RecursionError) as error:
        raise SignatureError(f"{where}: is no timestamp (RFC 3161)") from error
    return answer


def _parsed(raw: bytes) -> TimeStampResponse:
    """Reads an answer; one whose certificates are not in the order of DER is put in order.

    OpenSSL and others send them as they come. No signature covers that order, and what it does
    cover stays as it is: were it changed, it would not verify.
    """
    if len(raw) > _MAX_ANSWER:
        raise ValueError("too large")
    try:
        return decode_timestamp_response(raw)
    except ValueError:
        ordered: bytes = tsp.TimeStampResp.load(raw, strict=True).dump(force=True)
        return decode_timestamp_response(ordered)


def _check_imprint(answer: TimeStampResponse, signature: bytes) -> None:
    imprint = answer.tst_info.message_imprint
    name = _DIGESTS.get(imprint.hash_algorithm.dotted_string, "")
    if not name or hashlib.new(name, signature).digest() != imprint.message:
        raise SignatureError("the timestamp is not over this signature")


_DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
