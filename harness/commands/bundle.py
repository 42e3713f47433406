"""``assay bundle``: a run as one file that can be handed on and checked."""

from __future__ import annotations

from pathlib import Path

import click

from harness import run as runs
from harness.proof import bundle
from harness.proof.keys import PASSWORD_VARIABLE
from harness.proof.signing import load_signer

_EXAMPLES = f"""\b
Examples:
  assay bundle runs/20260301-aurora --key signing-key.pem
  assay bundle runs/20260301-aurora --key signing-key.pem --chain chain.pem --tsa http://tsa.example/
  assay bundle runs/20260301-aurora --redact --out publishable.zip
A locked key takes its password from {PASSWORD_VARIABLE}, or asks.
"""


@click.command("bundle", epilog=_EXAMPLES)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="File (default: RUN.zip).")
@click.option("--key", metavar="FILE|URI", help="Private key: a PEM file, or a pkcs11: URI.")
@click.option("--chain", type=click.Path(path_type=Path), help="Its certificates (PEM), own first.")
@click.option("--tsa", metavar="URL", default="", help="Timestamp authority (RFC 3161).")
@click.option("--redact", is_flag=True, help="Withhold all that tells of device, site or persons.")
@click.option(
    "--reports", metavar="LIST", default=",".join(bundle.USUAL), show_default=True,
    help=f"Reports to put in: of {', '.join(bundle.REPORTS)}; or none.",
)  # fmt: skip
def command(
    run: Path,
    out: Path | None,
    key: str | None,
    chain: Path | None,
    tsa: str,
    redact: bool,
    reports: str,
) -> None:
    """Put RUN into one zip: record, captures, reports, bill of materials, digests, signature.

    Captures hold whatever crossed the wire, but for the data sets of devices that may have real
    patients ([scope] real_patients).
    What is published should be made with --redact. Pre-certification evidence: a bundle certifies
    nothing.
    """
    if chain is not None and key is None:
        raise click.BadParameter("belongs to a --key", param_hint="--chain")
    loaded = runs.load(run)
    target = out or run.resolve().with_name(f"{run.resolve().name}.zip")
    wish = bundle.Wish(
        signer=load_signer(key, chain) if key else None,
        tsa=tsa,
        redact=redact,
        reports=() if reports == "none" else tuple(filter(None, reports.split(","))),
        say=lambda text: click.echo(text, err=True),
    )
    bundle.make(loaded, target, wish)
    if not loaded.document["complete"]:
        click.echo("INCOMPLETE: this run was interrupted; the bundle says so", err=True)
    if wish.signer is None:
        click.echo("UNSIGNED: anybody could have made this bundle; sign with --key", err=True)
    else:
        click.echo(f"signed: {wish.signer.scheme}, key id {wish.signer.keyid}", err=True)
    click.echo(f"written: {target}", err=True)
