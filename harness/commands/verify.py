"""``assay verify``: does the evidence hold, and what of it could not be checked?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from harness.errors import RequestError
from harness.proof.keys import load_certificates, load_public
from harness.proof.verification import Checks, check_evidence, file_digest, verify_folder
from harness.proof.verification_bundle import Trust, verify_bundle
from harness.verdict import ExitCode

_EXAMPLES = """\b
Examples:
  assay verify aurora.zip --key signing-key.pem.pub
  assay verify aurora.zip --root ca.pem --tsa-root tsa-ca.pem
  assay verify runs/20260301-aurora
"""

_WORDS = {True: "ok     ", False: "FAILED ", None: "unknown"}


@click.command("verify", epilog=_EXAMPLES)
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help="Public key that must have signed.")
@click.option("--root", type=click.Path(path_type=Path), help="Authorities of signers (PEM).")
@click.option("--tsa-root", type=click.Path(path_type=Path), help="Authorities of timestamps.")
@click.option("--at", metavar="TIME", help="When certificates must be valid: 2026-03-01 ...")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable on stdout.")
def command(
    evidence: Path,
    key: Path | None,
    root: Path | None,
    tsa_root: Path | None,
    at: str | None,
    as_json: bool,
) -> int:
    """Check EVIDENCE, a bundle or a run folder: every byte, the chain, the verdicts, the signer.

    Exit 0 when nothing failed, 1 otherwise. What could not be checked is named with its reason.
    """
    trusted = Trust(
        key=load_public(key) if key else None,
        roots=load_certificates(root, "--root") if root else (),
        tsa_roots=load_certificates(tsa_root, "--tsa-root") if tsa_root else (),
        at=_time(at),
    )
    if evidence.is_dir():
        checks = _folder(evidence, trusted)
    elif evidence.exists():
        checks = verify_bundle(evidence, trusted)
    else:
        raise RequestError(f"{evidence}: there is no such bundle or run folder")
    if as_json:
        click.echo(json.dumps(checks.document(), indent=1))
    else:
        _tell(checks)
    return ExitCode.EXPECTED if checks.ok else ExitCode.UNEXPECTED_RESULT


def _folder(folder: Path, trusted: Trust) -> Checks:
    checks = Checks()
    path = folder / "run.json"
    try:
        stored = path.read_bytes() if path.exists() else None
    except OSError as error:
        raise RequestError(f"{path}: cannot read: {error.strerror}") from error
    run = verify_folder(folder, checks, stored)
    if run is not None:
        check_evidence(run, file_digest(folder), checks)
    text = "UNSIGNED: a run folder carries no signature; 'assay bundle RUN --key KEY' makes one"
    checks.add("signature", False if trusted.asked or trusted.tsa_roots else None, text)
    return checks


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter("give a time like 2026-03-01T12:00", param_hint="--at") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _tell(checks: Checks) -> None:
    for row in checks.rows:
        click.echo(f"{_WORDS[row.ok]}  {row.name}: {row.detail}")
    failed = sum(row.ok is False for row in checks.rows)
    unknown = sum(row.ok is None for row in checks.rows)
    left = f", {unknown} could not be checked" if unknown else ""
    click.echo(f"{'FAILED' if failed else 'holds'}: {failed} of {len(checks.rows)} failed{left}")
