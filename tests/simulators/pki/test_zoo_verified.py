"""A verifier that shares no line with ours agrees: now, and in twenty years."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulators.pki import Authority
from simulators.pki.zoo import Role, Specimen, specimens
from tests.simulators.pki.openssl import refusal

TWENTY_YEARS = timedelta(days=20 * 365 + 5)
BOTH = ("client", "server")
_CHECKOUT = str(Path(__file__).parents[3])

OPENSSL_ACCEPTS: dict[str, tuple[tuple[str, ...], str]] = {
    "GeneralizedTime before 2050": (BOTH, "reads either form of time in any year"),
    "host in the common name only": (("server",), "falls back to the common name by default"),
    "key not for signatures": (("server",), "a server of TLS 1.2 might use RSA key exchange"),
    "key for agreement only": (BOTH, "a static key of Diffie-Hellman would be used like this"),
    "authority as an end entity": (BOTH, "an authority may be an end entity as well"),
    "policy required but missing": (BOTH, "looks at policies only when told to"),
    "intermediate with the key of the leaf": (BOTH, "does not compare keys along the path"),
    "RSA with exponent 3": (BOTH, "3 is a valid exponent"),
    "P-224": (("client",), "112 bits are enough for level 2"),
    "version 1": (("client",), "takes version 1 for an end entity"),
    "version 4": (BOTH, "does not look at the version"),
    "serial number 0": (BOTH, "does not look at the serial number"),
    "negative serial number": (BOTH, "does not look at the serial number"),
    "serial number of 21 octets": (BOTH, "does not look at the serial number"),
    "bytes after the certificate": (BOTH, "its reader of PEM stops at the end; its TLS does not"),
    "length not in DER": (BOTH, "reads BER"),
}
"""Specimens to be refused that ``openssl verify -x509_strict`` takes: in which role, and why."""


def _shown() -> list[tuple[Specimen, Role]]:
    listed = [one for one in specimens() if one.theme != "revocation"]
    return [(one, role) for one in listed for role in sorted(one.shown_by)]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("Test authority")


@pytest.fixture(scope="module")
def trusted(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority.write(tmp_path_factory.mktemp("trusted"))


@pytest.mark.slow
@pytest.mark.parametrize("later", [timedelta(), TWENTY_YEARS], ids=["now", "in twenty years"])
@pytest.mark.parametrize(("kind", "role"), _shown(), ids=lambda one: getattr(one, "name", one))
def test_openssl_agrees(
    kind: Specimen,
    role: Role,
    later: timedelta,
    authority: Authority,
    trusted: Path,
    tmp_path: Path,
) -> None:
    at = datetime.now(UTC) + later
    shown = kind.make(authority, now=at)
    options = ["-x509_strict"]
    if role == "server":
        by_address = "address" in kind.name
        options += ["-verify_ip", "127.0.0.1"] if by_address else ["-verify_hostname", "localhost"]
    reason = refusal(shown, trusted, tmp_path, *options, role=role, at=at)
    roles, _ = OPENSSL_ACCEPTS.get(kind.name, ((), ""))
    assert bool(reason) is (kind.rule != "accept" and role not in roles), reason


def test_the_disagreements_are_about_specimens_that_exist() -> None:
    assert set(OPENSSL_ACCEPTS) <= {one.name for one in specimens() if one.rule != "accept"}


_IN_2046 = """
from datetime import datetime
from pathlib import Path
from simulators.pki import Authority
from simulators.pki.revocation import Revocation
from simulators.pki.zoo import specimen
from tests.simulators.pki.openssl import refusal
assert datetime.now().year == 2046
authority = Authority.new("Authority of 2046")
folder = Path("{folder}")
trusted = authority.write(folder)
lists = folder / "lists.pem"
lists.write_bytes(Revocation(authority).lists_pem())
checked = ("-crl_check", "-CRLfile", str(lists))
for name in ("honest intermediate", "valid until 2050", "29 February of a leap year", "P-384"):
    assert not refusal(specimen(name).make(authority), trusted, folder, *checked), name
for name in ("expired yesterday", "valid from tomorrow", "on the revocation list"):
    assert refusal(specimen(name).make(authority), trusted, folder, *checked), name
assert not refusal(authority.issue(), trusted, folder, *checked)
"""


@pytest.mark.interop
def test_nothing_rots_until_2046(tmp_path: Path) -> None:
    faketime = shutil.which("faketime")
    assert faketime, "faketime is missing: scripts/install-real-devices"
    program = _IN_2046.replace("{folder}", str(tmp_path))
    done = subprocess.run(
        [faketime, "2046-03-01 12:00:00", sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*filter(None, sys.path), _CHECKOUT])},
    )
    assert done.returncode == 0, done.stderr
