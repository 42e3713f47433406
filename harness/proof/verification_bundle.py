"""``assay verify`` on a bundle: container, manifest, statement, signature, time, then the run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from harness.errors import HarnessError, SignatureError
from harness.model import JSON
from harness.proof import bundle, timestamps, trust
from harness.proof.archive import Archive
from harness.proof.keys import PublicKey, keyid_of, parse_public, scheme_of
from harness.proof.redaction import is_redacted, read_public
from harness.proof.signing import check, opened
from harness.proof.statement import PAYLOAD_TYPE, statement
from harness.proof.verification import (
    Checks,
    check_evidence,
    verify_folder,
    verify_public,
)

_MOST_OF_ONE = 2**29


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whom the reader trusts.

    Attributes:
        key: The key that has to have signed; None if certificates decide.
        roots: Authorities of signers.
        tsa_roots: Authorities of timestamps.
        at: When certificates have to be valid; None for the time of the timestamp, or now.
    """

    key: PublicKey | None = None
    roots: Sequence[x509.Certificate] = ()
    tsa_roots: Sequence[x509.Certificate] = ()
    at: datetime | None = None

    @property
    def asked(self) -> bool:
        """Somebody is trusted, so an unsigned bundle is not enough."""
        return self.key is not None or bool(self.roots)


def verify_bundle(path: Path, trusted: Trust) -> Checks:
    """Checks a bundle from the outside in; stops where the rest would have nothing to stand on."""
    checks = Checks()
    try:
        with Archive(path) as archive:
            checks.add("container", True, f"{len(archive.sizes)} files, in the form of a bundle")
            _check_contents(archive, trusted, checks)
    except HarnessError as error:
        checks.add("container", False, str(error))
    return checks


def _check_contents(archive: Archive, trusted: Trust, checks: Checks) -> None:
    digests = {name: archive.digest(name) for name in archive.sizes if name != bundle.ATTESTATION}
    if not checks.tried("manifest", lambda: _manifest(archive, digests)):
        return
    checks.tried("bill of materials", lambda: _bill(archive))
    document = _check_run(archive, checks)
    signed = _envelope(archive)
    checks.tried("statement", lambda: _statement(signed, document, digests))
    _check_signature(archive, signed, trusted, checks)


def _manifest(archive: Archive, digests: Mapping[str, str]) -> str:
    """Every file is named with its size and digest, and nothing else is there."""
    found = _object(archive, bundle.MANIFEST)
    files = found.get("files")
    if found.get("schema") != bundle.SCHEMA or not isinstance(files, list):
        raise SignatureError(f"{bundle.MANIFEST}: is not that of a bundle ({bundle.SCHEMA})")
    there = {
        name: (size, digests[name])
        for name, size in archive.sizes.items()
        if name not in bundle.BESIDE
    }
    named = {
        str(row.get("path")): (row.get("size"), row.get("sha256"))
        for row in files
        if isinstance(row, Mapping)
    }
    wrong = [f"{name}: missing" for name in sorted(named.keys() - there.keys())]
    wrong += [f"{name}: not in the manifest" for name in sorted(there.keys() - named.keys())]
    both = sorted(named.keys() & there.keys())
    wrong += [f"{name}: changed" for name in both if named[name] != there[name]]
    if wrong or len(named) != len(files):
        raise SignatureError("; ".join(wrong[:5]) or "the manifest names a file twice")
    return f"{len(there)} files have the digests that it names"


def _bill(archive: Archive) -> str:
    found = _object(archive, bundle.SBOM)
    parts = found.get("components")
    if found.get("bomFormat") != "CycloneDX" or not isinstance(parts, list):
        raise SignatureError(f"{bundle.SBOM}: is no bill of materials (CycloneDX)")
    return f"CycloneDX {str(found.get('specVersion'))[:8]}, {len(parts)} components"


def _check_run(archive: Archive, checks: Checks) -> JSON:
    """Checks record and run.json; the run document, as far as it can be read."""
    stored = _bounded(archive, "run.json") if "run.json" in archive.sizes else None
    try:
        raw = _bounded(archive, "record.jsonl")
        if is_redacted(raw):
            return verify_public(read_public(raw), stored, checks)
    except HarnessError as error:
        checks.add("record", False, str(error))
        return None
    with tempfile.TemporaryDirectory(prefix="assay-verify-") as folder:
        kept = [name for name in ("record.jsonl", "device.toml") if name in archive.sizes]
        archive.unpack(Path(folder), kept)
        run = verify_folder(Path(folder), checks, stored)
    if run is None:
        return None
    names = archive.sizes
    check_evidence(run, lambda path: archive.digest(path) if path in names else None, checks)
    document: JSON = json.loads(json.dumps(run.document))
    return document


def _statement(signed: Mapping[str, JSON], document: JSON, digests: Mapping[str, str]) -> str:
    """What is signed is what this bundle holds and this run found, and nothing else."""
    kind, payload, _ = opened(signed)
    if kind != PAYLOAD_TYPE:
        raise SignatureError(f"{bundle.ATTESTATION}: holds {kind[:60]!r}, no in-toto Statement")
    if not isinstance(document, Mapping):
        raise SignatureError("cannot be compared: there is no run to compare it with")
    subjects = {name: digest for name, digest in digests.items() if name != bundle.TIMESTAMP}
    try:
        found = json.loads(payload)
        expected: JSON = json.loads(json.dumps(statement(document, subjects)))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SignatureError(f"{bundle.ATTESTATION}: its payload is no Statement") from error
    if found != expected:
        raise SignatureError("the Statement is not about these files or not about this run")
    return f"about {len(subjects)} files; result {found['predicate']['result']}"


def _check_signature(
    archive: Archive, signed: Mapping[str, JSON], trusted: Trust, checks: Checks
) -> None:
    try:
        signatures = opened(signed)[2]
    except SignatureError as error:
        checks.add("signature", False, str(error))
        return
    stray = [one for one in (bundle.TIMESTAMP, bundle.SIGNER) if one in archive.sizes]
    if not signatures:
        missing = False if trusted.asked or stray else None
        checks.add("signature", missing, "UNSIGNED: anybody could have made this bundle")
        return
    made = checks.tried("signature", lambda: _signature(archive, signed))
    at = _check_timestamp(archive, signatures, trusted, checks)
    if made:
        _check_signer(archive, signed, trusted, at, checks)


def _signature(archive: Archive, signed: Mapping[str, JSON]) -> str:
    """The one signature is by the key that the bundle itself names as evidence."""
    raw = archive.read(bundle.SIGNER)
    key = parse_public(raw, bundle.SIGNER)
    check(signed, [key], PAYLOAD_TYPE)
    rows = signed.get("signatures")
    listed: Sequence[JSON] = rows if isinstance(rows, list) else []
    ids = [row.get("keyid") for row in listed if isinstance(row, Mapping)]
    if ids != [keyid_of(key)]:
        raise SignatureError(f"{bundle.ATTESTATION}: its key id is not that of {bundle.SIGNER}")
    return f"{scheme_of(key)}, key id {keyid_of(key)}"


def _check_timestamp(
    archive: Archive, signatures: Sequence[bytes], trusted: Trust, checks: Checks
) -> datetime | None:
    """The time of a timestamp that is trusted."""
    if bundle.TIMESTAMP not in archive.sizes:
        ok = False if trusted.tsa_roots else None
        checks.add("timestamp", ok, "there is none: when it was signed, only the signer says")
        return None
    raw = archive.read(bundle.TIMESTAMP)
    try:
        if not trusted.tsa_roots:
            said = timestamps.claimed_time(raw, signatures[0])
            text = f"says {said:%Y-%m-%d %H:%M:%S} UTC; not checked: give --tsa-root"
            checks.add("timestamp", None, text)
            return None
        at = timestamps.check(raw, signatures[0], trusted.tsa_roots)
    except SignatureError as error:
        checks.add("timestamp", False, str(error))
        return None
    checks.add("timestamp", True, f"signed before {at:%Y-%m-%d %H:%M:%S} UTC")
    return at


def _check_signer(
    archive: Archive,
    signed: Mapping[str, JSON],
    trusted: Trust,
    stamped: datetime | None,
    checks: Checks,
) -> None:
    if not trusted.asked:
        text = "whose key it is was not checked: give --key or --root"
        checks.add("signer", None, text)
        return
    if trusted.key is not None:
        key = trusted.key
        checks.tried("signer", lambda: _by_key(signed, key))
    if trusted.roots:
        at = trusted.at or stamped or datetime.now(UTC)
        raw = archive.read(bundle.SIGNER)
        checks.tried("certificates", lambda: _by_chain(raw, trusted.roots, at))
        checks.add("revocation", None, "not looked up; ask the authority that issued")


def _by_key(signed: Mapping[str, JSON], key: PublicKey) -> str:
    check(signed, [key], PAYLOAD_TYPE)
    return f"signed by the key of --key ({keyid_of(key)[:16]})"


def _by_chain(raw: bytes, roots: Sequence[x509.Certificate], at: datetime) -> str:
    if b"BEGIN CERTIFICATE" not in raw:
        raise SignatureError("the bundle holds no certificate; check it with --key instead")
    chain = x509.load_pem_x509_certificates(raw)
    trust.check_chain(chain, roots, at)
    return f"{trust.name_of(chain[0])} leads to --root, valid at {at:%Y-%m-%d %H:%M} UTC"


def _envelope(archive: Archive) -> Mapping[str, JSON]:
    return _object(archive, bundle.ATTESTATION)


def _object(archive: Archive, name: str) -> Mapping[str, JSON]:
    try:
        found = json.loads(_bounded(archive, name))
    except (ValueError, RecursionError) as error:
        raise SignatureError(f"{name}: is no JSON") from error
    if not isinstance(found, dict):
        raise SignatureError(f"{name}: is no JSON object")
    return found


def _bounded(archive: Archive, name: str) -> bytes:
    if archive.sizes.get(name, 0) > _MOST_OF_ONE:
        raise SignatureError(f"{name}: larger than any of ours")
    return archive.read(name)
