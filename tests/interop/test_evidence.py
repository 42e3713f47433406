"""Evidence and other people's programs: timestamps by OpenSSL, keys in a SoftHSM token."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import which

import pytest

from harness.errors import SignatureError
from harness.proof.archive import Archive
from harness.proof.signing import check, envelope, load_signer, pre_authentication
from harness.proof.timestamps import request
from tests.harness.commands import run
from tests.harness.proof.authority import Issued, issue
from tests.interop.authority import Authority, authority
from tests.reports.builder import sample

pytestmark = pytest.mark.interop

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "271828"
KEYS = {"ed25519": "EC:edwards25519", "ecdsa-p256-sha256": "EC:prime256v1",
        "ecdsa-p384-sha384": "EC:secp384r1", "rsa-pss-2048-sha256": "rsa:2048"}  # fmt: skip


@pytest.fixture(scope="module")
def stamps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("stamps") / "tsa") as found:
        yield found


def stamped(folder: Path, stamps: Authority, issued: Issued) -> Path:
    sample(folder / "run")
    path = folder / "b.zip"
    ran = run(
        "bundle", str(folder / "run"), "--out", str(path), "--reports", "none",
        "--key", str(issued.key), "--chain", str(issued.chain), "--tsa", stamps.url,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return path


def verified(*arguments: str) -> Mapping[str, Mapping[str, object]]:
    ran = run("verify", *arguments, "--json")
    return {row["name"]: row for row in json.loads(ran.out)["checks"]}


class TestTimestamps:
    """Tokens of RFC 3161, made by OpenSSL."""

    def test_the_time_of_a_signature(self, tmp_path: Path, stamps: Authority) -> None:
        path = stamped(tmp_path, stamps, issue(tmp_path / "pki"))
        found = verified(str(path))["timestamp"]
        assert (found["ok"], "not checked: give --tsa-root" in str(found["detail"])) == (None, True)
        found = verified(str(path), "--tsa-root", str(stamps.root))["timestamp"]
        assert found["ok"] is True
        assert "signed before" in str(found["detail"])

    def test_openssl_takes_our_token(self, tmp_path: Path, stamps: Authority) -> None:
        path = stamped(tmp_path, stamps, issue(tmp_path / "pki"))
        with Archive(path) as opened:
            (tmp_path / "t.tsr").write_bytes(opened.read("timestamp.tsr"))
            signed = json.loads(opened.read("attestation.json"))
        (tmp_path / "sig").write_bytes(base64.b64decode(signed["signatures"][0]["sig"]))
        subprocess.run(
            ["openssl", "ts", "-verify", "-in", "t.tsr", "-data", "sig", "-CAfile",
             str(stamps.root)], cwd=tmp_path, check=True, capture_output=True, timeout=60,
        )  # fmt: skip

    def test_it_outlives_the_certificate(self, tmp_path: Path, stamps: Authority) -> None:
        """What was stamped while the certificate was valid stands after it has expired."""
        issued = issue(tmp_path / "pki", since_days=-1, for_days=30)
        path = stamped(tmp_path, stamps, issued)
        later = ("--root", str(issued.root), "--at", "2099-01-01")
        assert "expired" in str(verified(str(path), *later)["certificates"]["detail"])
        trusted = ("--root", str(issued.root), "--tsa-root", str(stamps.root))
        assert verified(str(path), *trusted)["certificates"]["ok"] is True

    def test_another_authority_is_not_believed(self, tmp_path: Path, stamps: Authority) -> None:
        path = stamped(tmp_path, stamps, issue(tmp_path / "pki"))
        other = issue(tmp_path / "other")
        found = verified(str(path), "--tsa-root", str(other.root))["timestamp"]
        assert found["ok"] is False
        assert "does not lead to --tsa-root" in str(found["detail"])

    def test_a_token_for_something_else_is_refused(self, tmp_path: Path, stamps: Authority) -> None:
        foreign = request(stamps.url, b"another signature")
        with (
            authority(tmp_path / "replaying", foreign) as replaying,
            pytest.raises(SignatureError, match=r"answered something else"),
        ):
            request(replaying.url, b"a signature")

    @pytest.mark.parametrize(
        ("answer", "said"), [(b"", "is no timestamp"), (b"0" * 300_000, "more than a timestamp")]
    )
    def test_nonsense_is_one_clear_line(self, tmp_path: Path, answer: bytes, said: str) -> None:
        with (
            authority(tmp_path / "x", answer) as lying,
            pytest.raises(SignatureError, match=rf"^--tsa [^\n]*{said}[^\n]*$"),
        ):
            request(lying.url, b"a signature")


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A token with a key of each kind; the URI that all their URIs begin with."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        patch.setenv("ASSAY_PIN", PIN)
        _call("softhsm2-util", "--init-token", "--free", "--label", "evidence", "--pin", PIN,
              "--so-pin", PIN)  # fmt: skip
        for number, (name, kind) in enumerate(KEYS.items(), 1):
            _call("pkcs11-tool", "--module", str(MODULE), "--login", "--pin", PIN, "--keypairgen",
                  "--key-type", kind, "--label", name, "--id", f"{number:02}")  # fmt: skip
        yield f"pkcs11:token=evidence;object={{}}?module-path={MODULE}"


def _call(*arguments: str) -> None:
    subprocess.run(arguments, check=True, capture_output=True, timeout=60)


class TestTokens:
    """Keys that never leave their token; SoftHSM stands for those in hardware."""

    def test_the_programs_are_there(self) -> None:
        assert MODULE.exists(), "scripts/install-real-devices"
        assert which("pkcs11-tool"), "scripts/install-real-devices"

    @pytest.mark.parametrize("name", [name for name in KEYS if name != "ed25519"])
    def test_it_signs(self, token: str, name: str) -> None:
        signer = load_signer(token.format(name))
        assert signer.scheme == name
        signed = envelope("text/plain", b"payload", [signer])
        assert check(signed, [signer.public]) == b"payload"
        assert pre_authentication("text/plain", b"payload").startswith(b"DSSEv1 10 text/plain 7 ")

    def test_a_bundle_is_signed_by_it(self, token: str, tmp_path: Path) -> None:
        sample(tmp_path / "run")
        path = tmp_path / "b.zip"
        uri = token.format("ecdsa-p256-sha256")
        ran = run("bundle", str(tmp_path / "run"), "--out", str(path), "--reports", "none",
                  "--key", uri)  # fmt: skip
        assert ran.code == 0, ran.err
        (tmp_path / "pub").write_bytes(load_signer(uri).identity_pem)
        assert verified(str(path), "--key", str(tmp_path / "pub"))["signer"]["ok"] is True
        with Archive(path) as opened:
            assert all(PIN.encode() not in opened.read(name) for name in opened.sizes)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (("evidence;", "elsewhere;"), "no such token"),
            (("object=ecdsa-p256-sha256", "object=none"), "no such key"),
            (("object=ecdsa-p256-sha256", "manufacturer=x"), "several keys fit"),
        ],
    )
    def test_what_is_not_there_is_one_clear_line(
        self, token: str, change: tuple[str, str], said: str
    ) -> None:
        with pytest.raises(SignatureError, match=rf"^--key pkcs11: [^\n]*{said}[^\n]*$"):
            load_signer(token.format("ecdsa-p256-sha256").replace(*change))

    def test_a_wrong_pin_is_not_shown(self, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ASSAY_PIN", "314159")
        with pytest.raises(SignatureError, match="the PIN is wrong") as caught:
            load_signer(token.format("ecdsa-p256-sha256"))
        assert "314159" not in str(caught.value)
