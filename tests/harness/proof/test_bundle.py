"""`assay bundle` and `assay verify`: what holds is found to hold, and nothing else is."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from harness.proof import archive
from harness.proof.archive import Archive
from harness.proof.bundle import attest, manifest
from harness.record import canonical, digest_of
from tests.harness.conftest import Said, Stand
from tests.harness.fakes import make_scenario, served
from tests.harness.proof.authority import issue

FLIPS = 150


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the one run of this file is kept: the tests differ in what is done with it."""
    return tmp_path_factory.mktemp("kept") / "run"


@pytest.fixture
def run(stand: Stand, kept: Path) -> Stand:
    """A stand with a run that is over, beside it a key."""
    stand.scenarios += [make_scenario("ASC-002", served)]
    if not kept.exists():
        stand.run()
        (stand.out / "wire" / "ASC-001.pcapng").write_bytes(bytes(range(200)))
        shutil.copytree(stand.out, kept)
    shutil.copytree(kept, stand.out, dirs_exist_ok=True)
    assert stand.assay("key", "k").code == 0
    return stand


def bundled(run: Stand, *arguments: str, name: str = "b.zip") -> Path:
    path = run.out.parent / name
    reports = () if "--reports" in arguments else ("--reports", "none")
    said = run.assay("bundle", str(run.out), "--out", str(path), *reports, *arguments)
    assert said.code == 0, said.err
    return path


def checks(said: Said) -> dict[str, bool | None]:
    document: Mapping[str, Any] = said.document
    assert document["ok"] is all(row["ok"] is not False for row in document["checks"])
    assert (said.code == 0) is document["ok"]
    assert all(row["detail"] and "\n" not in row["detail"] for row in document["checks"])
    return {row["name"]: row["ok"] for row in document["checks"]}


def files_of(path: Path) -> dict[str, bytes | Path]:
    with Archive(path) as opened:
        return {name: opened.read(name) for name in opened.sizes}


def rewritten(path: Path, change: Callable[[dict[str, bytes | Path]], None]) -> Path:
    """A bundle in its right form with other files in it; the manifest is as it was."""
    files = files_of(path)
    change(files)
    archive.write(path, files)
    return path


def remade(path: Path, change: Callable[[dict[str, bytes | Path]], None]) -> Path:
    """As somebody would who knows the format and has no key: manifest and Statement are new."""
    files = files_of(path)
    change(files)
    for name in ("manifest.json", "attestation.json"):
        del files[name]
    files["manifest.json"] = json.dumps(manifest(files, redacted=False)).encode()
    document = json.loads(text(files, "run.json"))
    files["attestation.json"] = json.dumps(attest(document, files, [])).encode()
    archive.write(path, files)
    return path


def _without_profile(files: dict[str, bytes | Path]) -> None:
    del files["device.toml"]


def text(files: Mapping[str, bytes | Path], name: str) -> bytes:
    content = files[name]
    assert isinstance(content, bytes)
    return content


class TestSigned:
    """A bundle that somebody signed."""

    def test_everything_holds_for_who_trusts_the_key(self, run: Stand) -> None:
        path = bundled(run, "--key", "k")
        said = run.assay("verify", str(path), "--key", "k.pub", "--json")
        found = checks(said)
        assert said.code == 0
        assert {name for name, ok in found.items() if ok} == {
            "container", "manifest", "bill of materials", "record", "run.json", "schema",
            "catalogue", "statement", "signature", "signer",
        }  # fmt: skip
        assert found["timestamp"] is found["evidence"] is None

    def test_without_a_key_nobody_is_believed(self, run: Stand) -> None:
        found = checks(run.assay("verify", str(bundled(run, "--key", "k")), "--json"))
        assert found["signature"] is True
        assert found["signer"] is None

    def test_another_key_did_not_sign(self, run: Stand) -> None:
        path = bundled(run, "--key", "k")
        run.assay("key", "other")
        said = run.assay("verify", str(path), "--key", "other.pub")
        assert said.code == 1
        lines = [line for line in said.out.splitlines() if line.startswith("FAILED")]
        assert lines[0].startswith("FAILED   signer: no valid signature by a trusted key")
        assert lines[1].startswith("FAILED: 1 of ")

    def test_no_changed_octet_is_overlooked(self, run: Stand) -> None:
        path = bundled(run, "--key", "k", "--reports", "csv")
        raw, rng = path.read_bytes(), random.Random(6)
        for _ in range(FLIPS):
            at = rng.randrange(len(raw))
            path.write_bytes(raw[:at] + bytes([raw[at] ^ rng.randrange(1, 256)]) + raw[at + 1 :])
            said = run.assay("verify", str(path), "--json")
            assert said.code == 1, f"octet {at}"

    @pytest.mark.parametrize("at", [0, 1, 21, 300, -1])
    def test_a_cut_bundle_is_one_clear_line(self, run: Stand, at: int) -> None:
        path = bundled(run)
        path.write_bytes(path.read_bytes()[:at])
        said = run.assay("verify", str(path))
        assert (said.code, said.err) == (1, "")
        assert "it was cut or changed on its way" in said.out or "not in the one form" in said.out

    def test_a_signature_goes_with_its_own_bundle(self, run: Stand) -> None:
        path = bundled(run, "--key", "k")
        other = bundled(run, "--key", "k", "--reports", "csv", name="c.zip")
        foreign = files_of(other)["attestation.json"]
        rewritten(path, lambda files: files.update({"attestation.json": foreign}))
        found = checks(run.assay("verify", str(path), "--key", "k.pub", "--json"))
        assert found["statement"] is False

    def test_what_was_added_or_taken_away_is_named(self, run: Stand) -> None:
        path = rewritten(bundled(run, "--key", "k"), lambda files: files.update({"more": b"x"}))
        said = run.assay("verify", str(path), "--json")
        assert (said.code, "more: not in the manifest" in said.out) == (1, True)
        gone = bundled(run, "--key", "k", name="gone.zip")
        rewritten(gone, _without_profile)
        assert "device.toml: missing" in run.assay("verify", str(gone)).out

    def test_the_private_key_is_in_nothing_that_is_handed_on(self, run: Stand) -> None:
        secret = Path("k").read_bytes()
        key = serialization.load_pem_private_key(secret, None)
        assert isinstance(key, ed25519.Ed25519PrivateKey)
        seed = key.private_bytes_raw()
        for content in files_of(bundled(run, "--key", "k")).values():
            assert isinstance(content, bytes)
            assert b"PRIVATE KEY" not in content
            assert seed not in content
            assert secret.splitlines()[1] not in content


class TestCertificates:
    """A signer who has certificates."""

    def verify(self, run: Stand, *arguments: str, **how: Any) -> Said:
        issued = issue(run.out.parent / "pki", **how)
        path = bundled(run, "--key", str(issued.key), "--chain", str(issued.chain))
        return run.assay("verify", str(path), "--root", str(issued.root), "--json", *arguments)

    def test_a_chain_leads_to_its_root(self, run: Stand) -> None:
        found = checks(self.verify(run))
        assert found["certificates"] is True
        assert found["revocation"] is None

    def test_another_root_does_not(self, run: Stand) -> None:
        other = issue(run.out.parent / "other")
        said = self.verify(run, "--root", str(other.root))
        assert checks(said)["certificates"] is False
        assert "does not lead to --root" in said.out

    def test_an_expired_certificate_is_one_clear_line(self, run: Stand) -> None:
        said = self.verify(run, since_days=-40, for_days=30)
        assert checks(said)["certificates"] is False
        assert "certificate of CN=signer: expired on " in said.out

    def test_it_may_be_asked_for_another_time(self, run: Stand) -> None:
        then = (dt.datetime.now(dt.UTC) - dt.timedelta(20)).isoformat()
        found = checks(self.verify(run, "--at", then, since_days=-40, for_days=30))
        assert found["certificates"] is True

    @pytest.mark.parametrize("how", [{"authority": False}, {"usage": "key_agreement"}])
    def test_who_may_not_sign_or_issue_does_not(self, run: Stand, how: Mapping[str, Any]) -> None:
        assert checks(self.verify(run, **how))["certificates"] is False

    def test_a_bare_key_leads_to_no_root(self, run: Stand) -> None:
        issued = issue(run.out.parent / "pki")
        path = bundled(run, "--key", "k")
        said = run.assay("verify", str(path), "--root", str(issued.root), "--json")
        assert checks(said)["certificates"] is False
        assert "holds no certificate" in said.out


class TestUnsigned:
    """A bundle that nobody signed: it may hold together, and says loudly what it is not."""

    def test_it_says_so(self, run: Stand) -> None:
        path = run.out.with_name("out.zip")
        said = run.assay("bundle", str(run.out), "--reports", "none")
        assert "UNSIGNED: anybody could have made this bundle" in said.err
        said = run.assay("verify", str(path))
        assert said.code == 0
        assert "unknown  signature: UNSIGNED" in said.out

    def test_it_is_not_enough_for_who_trusts_a_key(self, run: Stand) -> None:
        said = run.assay("verify", str(bundled(run)), "--key", "k.pub", "--json")
        assert checks(said)["signature"] is False

    def test_the_same_run_gives_the_same_octets(self, run: Stand) -> None:
        once, again = bundled(run), bundled(run, name="again.zip")
        assert once.read_bytes() == again.read_bytes()

    def test_a_mended_verdict_does_not_follow_from_the_record(self, run: Stand) -> None:
        def mend(files: dict[str, bytes | Path]) -> None:
            files["run.json"] = text(files, "run.json").replace(b'"FAIL"', b'"PASS"')

        said = run.assay("verify", str(remade(bundled(run), mend)), "--json")
        assert checks(said)["run.json"] is False
        assert "differs from the record in results (ASC-002)" in said.out

    def test_a_changed_line_breaks_the_chain(self, run: Stand) -> None:
        def mend(files: dict[str, bytes | Path]) -> None:
            files["record.jsonl"] = text(files, "record.jsonl").replace(b"RESPONDED", b"ABORTED00")

        found = checks(run.assay("verify", str(remade(bundled(run), mend)), "--json"))
        assert found["record"] is False

    def test_other_evidence_is_not_what_the_record_saw(self, run: Stand) -> None:
        kept = hashlib.sha256((run.out / "wire/ASC-001.pcapng").read_bytes()).hexdigest()
        lines = [json.loads(line) for line in (run.out / "record.jsonl").read_bytes().splitlines()]
        one = next(line for line in lines if line["play"] == "ASC-001")
        more = {**one, "kind": "evidence", "data": {"path": "wire/ASC-001.pcapng", "sha256": kept}}
        (run.out / "record.jsonl").write_bytes(chained([*lines, more]))
        path = bundled(run)
        found = checks(run.assay("verify", str(path), "--json"))
        assert found["evidence"] is True
        remade(path, lambda files: files.update({"wire/ASC-001.pcapng": b"another"}))
        said = run.assay("verify", str(path), "--json")
        assert checks(said)["evidence"] is False
        assert "wire/ASC-001.pcapng: changed" in said.out

    def test_a_record_of_nonsense_is_no_traceback(self, run: Stand) -> None:
        lines = [{"play": "run", "kind": kind, "actor": "x", "at_s": 0, "utc": "", "data": data}
                 for kind, data in (("begin", {}), ("result", {"row": 7}))]  # fmt: skip
        (run.out / "record.jsonl").write_bytes(chained(lines))
        found = checks(run.assay("verify", str(run.out), "--json"))
        assert found["record"] is False

    def test_what_a_stranger_wrote_cannot_write_to_the_terminal(self, run: Stand) -> None:
        def lie(files: dict[str, bytes | Path]) -> None:
            named = json.loads(text(files, "manifest.json"))
            named["files"].append({"path": "\x1b[2J", "size": 0, "sha256": ""})
            files["manifest.json"] = json.dumps(named).encode()

        said = run.assay("verify", str(rewritten(bundled(run), lie)))
        assert said.code == 1
        assert "\x1b" not in said.out


def chained(lines: list[dict[str, Any]]) -> bytes:
    """A record of these lines with a chain that holds."""
    before, out = "0" * 64, b""
    for number, line in enumerate(lines):
        entry = {**line, "n": number, "prev": before}
        entry.pop("sha256", None)
        before = digest_of(entry)
        out += canonical({**entry, "sha256": before}).encode() + b"\n"
    return out


class TestFolder:
    """`assay verify` of a run folder."""

    def test_a_run_holds(self, run: Stand) -> None:
        said = run.assay("verify", str(run.out), "--json")
        found = checks(said)
        assert found["record"] is found["run.json"] is found["schema"] is True
        assert found["signature"] is None

    def test_a_changed_record_is_found(self, run: Stand) -> None:
        path = run.out / "record.jsonl"
        path.write_bytes(path.read_bytes().replace(b'"ABORTED"', b'"CLOSED "'))
        said = run.assay("verify", str(run.out))
        assert said.code == 1
        assert "the hash chain is broken here" in said.out

    def test_a_changed_verdict_is_found(self, run: Stand) -> None:
        path = run.out / "run.json"
        path.write_text(path.read_text().replace('"FAIL"', '"PASS"'))
        assert checks(run.assay("verify", str(run.out), "--json"))["run.json"] is False

    def test_another_catalogue_is_not_a_lie_but_unknown(self, run: Stand) -> None:
        run.scenarios += [make_scenario("ASC-009")]
        found = checks(run.assay("verify", str(run.out), "--json"))
        assert found["catalogue"] is None

    def test_nothing_there_is_an_error_of_the_caller(self, run: Stand) -> None:
        said = run.assay("verify", "nowhere.zip")
        assert (said.code, said.err) == (
            2, "assay: nowhere.zip: there is no such bundle or run folder\n",
        )  # fmt: skip


class TestMaking:
    """What stands in the way of a bundle is one line, and leaves nothing behind."""

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--tsa", "http://127.0.0.1:9/"), "--tsa: stamps a signature; give a --key as well"),
            (("--key", "k", "--tsa", "file:///etc/passwd"), "give an http or https address"),
            (("--key", "k", "--tsa", "http://127.0.0.1:9/"), "no answer"),
            (("--key", "nowhere"), "--key nowhere: cannot read"),
            (("--reports", "xls"), "--reports xls: no report for a bundle; there are"),
        ],
    )
    def test_one_clear_line(self, run: Stand, arguments: tuple[str, ...], said: str) -> None:
        reports = () if "--reports" in arguments else ("--reports", "none")
        ended = run.assay("bundle", str(run.out), *reports, *arguments)
        assert ended.code == 2
        assert said in ended.err.splitlines()[-1]
        assert not run.out.with_name("out.zip").exists()

    def test_nothing_is_overwritten(self, run: Stand) -> None:
        path = bundled(run)
        before = path.read_bytes()
        said = run.assay("bundle", str(run.out), "--out", str(path))
        assert (said.code, path.read_bytes()) == (2, before)
        assert run.assay("key", "k").code == 2

    def test_a_link_in_the_run_folder_is_refused(self, run: Stand) -> None:
        (run.out / "wire" / "link").symlink_to("/etc/passwd")
        said = run.assay("bundle", str(run.out), "--reports", "none")
        assert (said.code, "is a link" in said.err) == (2, True)

    def test_an_interrupted_run_says_so(self, run: Stand) -> None:
        path = run.out / "record.jsonl"
        raw = path.read_bytes()
        path.write_bytes(raw[: raw.rindex(b'{"actor"') + 30])
        said = run.assay("bundle", str(run.out), "--reports", "none")
        assert "INCOMPLETE" in said.err
        found = checks(run.assay("verify", str(run.out.with_name("out.zip")), "--json"))
        assert found["record"] is True

    def test_a_new_key_is_for_its_owner_alone(self, run: Stand) -> None:
        assert Path("k").stat().st_mode & 0o077 == 0
        with zipfile.ZipFile(bundled(run, "--key", "k")) as theirs:
            assert theirs.read("signer.pem") == Path("k.pub").read_bytes()
