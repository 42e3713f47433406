"""The TLS part of the page: surfaces, profiles and the matrix of certificates, as values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.model import JSON
from harness.run import Run
from harness.verdict import Verdict
from reports import html, junit, markdown
from reports.page import grades
from reports.page.grades import Grade
from reports.page.policies import policies_of
from reports.page.surface import surface_of, surfaces_of
from reports.page.zoo import Zoo, zoo_of
from tests.reports import builder, hostile
from tests.reports.rows import case, result


@pytest.mark.parametrize(
    ("name", "kind", "grade"),
    [
        ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "aead-pfs", Grade.GOOD),
        ("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "aead-pfs", Grade.DISCOURAGED),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "3des", Grade.DISCOURAGED),
        ("TLS_RSA_WITH_NULL_SHA", "null", Grade.FORBIDDEN),
        ("TLS_AES_128_GCM_SHA256", "tls13", Grade.GOOD),
        ("GOST", "other", Grade.UNKNOWN),
    ],
)
def test_suites_are_graded_by_class(name: str, kind: str, grade: Grade) -> None:
    assert grades.of_suite(name, kind)[0] is grade


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("x25519", Grade.GOOD),
        ("secp384r1", Grade.GOOD),
        ("ffdhe2048", Grade.GOOD),
        ("X25519MLKEM768", Grade.GOOD),
        ("brainpoolP256r1tls13", Grade.GOOD),
        ("secp256k1", Grade.DISCOURAGED),
        ("secp224r1", Grade.DISCOURAGED),
        ("secp192r1", Grade.FORBIDDEN),
        ("sect163k1", Grade.FORBIDDEN),
        ("dh768", Grade.FORBIDDEN),
        ("0x1234", Grade.UNKNOWN),
    ],
)
def test_groups_are_graded_by_size(name: str, grade: Grade) -> None:
    assert grades.of_group(name, None) is grade


def test_schemes_and_versions_are_graded() -> None:
    schemes = ("rsa_pkcs1_sha1", "ecdsa_sha1", "rsa_md5", "dsa_sha224", "ed25519", "0x0840")
    assert [grades.of_scheme(name).words for name in schemes] == [
        *["forbidden"] * 3, "discouraged", "good", "not graded",
    ]  # fmt: skip
    assert grades.of_scheme("rsa_pss_rsae_sha256") is Grade.GOOD
    assert [grades.of_version(name) for name in ("SSL 2.0", "TLS 1.1", "TLS 1.2")] == [
        Grade.FORBIDDEN, Grade.FORBIDDEN, Grade.GOOD,
    ]  # fmt: skip


def test_a_surface_has_versions_by_age_and_the_worst_suite_first(secure_run: Run) -> None:
    acceptor, requestor = surfaces_of(secure_run)
    assert [column.version for column in acceptor.columns] == list(grades.VERSIONS)
    assert [column.taken for column in acceptor.columns] == [False] * 4 + [True] * 2
    assert acceptor.suite_columns == ("TLS 1.2", "TLS 1.3")
    assert acceptor.suites[0].grade is Grade.FORBIDDEN
    assert acceptor.suites[0].places == ("5", "")
    assert acceptor.counts == ((Grade.FORBIDDEN, 1), (Grade.DISCOURAGED, 2), (Grade.GOOD, 4))
    assert {line.name for line in acceptor.groups if line.quantum} == {"X25519MLKEM768"}
    assert ("preference", "the device's own order decides") in acceptor.facts
    assert [column.answer for column in requestor.columns] == ["offered", "offered"]


def test_the_last_surface_that_was_judged_is_drawn(secure_run: Run) -> None:
    poor: dict[str, JSON] = {"side": "acceptor", "versions": {"TLS 1.2": {"answer": "accepted"}}}
    seen = [builder.observation("surface", poor)]
    plays = {**secure_run.plays, "TLS-210": seen, "TLS-211": secure_run.plays["TLS-200"]}
    chosen = {**secure_run.chosen, "TLS-210": ["TLS-210"]}
    run = replace(secure_run, plays=plays, chosen=chosen)
    assert [len(surface.suites) for surface in surfaces_of(run)] == [0, 1]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"side": "acceptor", "versions": [], "suites": 5, "groups": None, "certificate": "no"},
        {"side": "acceptor", "suites": {"TLS 1.2": [None, 7, {}]}, "signature_schemes": {}},
    ],
)
def test_a_malformed_surface_breaks_nothing(data: dict[str, JSON]) -> None:
    assert surface_of(data).schemes == ()


def test_profiles_tell_claims_first_and_whose_word_a_warning_is(secure_run: Run) -> None:
    policies = policies_of(secure_run)
    assert [(one.id, one.claimed, one.verdict.name) for one in policies] == [
        ("PS3.15/B.12", True, "PASS"),
        ("PS3.15/B.13", True, "WARN"),
        ("PS3.15/B.1", False, "FAIL"),
    ]
    assert policies[1].words == ("DCMTK's table (secondary)",)
    worst = policies[2].differences[0]
    assert (worst.verdict, worst.word, policies[2].kept) == (Verdict.FAIL, "", 1)


def test_a_specimen_stands_once_with_a_cell_for_each_role(secure_run: Run) -> None:
    zoo = zoo_of(secure_run)
    assert zoo.columns == ("acceptor", "requestor")
    strength = next(group for group in zoo.groups if "strength" in group.title)
    assert strength.scenarios == ("CRT-012", "CRT-112")
    weak = {
        one.name: [cell.verdict.name for cell in one.cells if cell] for one in strength.specimens
    }
    assert (weak["SHA-1"], weak["P-192"]) == (["FAIL", "FAIL"], ["PASS", "PASS"])
    alone = next(group for group in zoo.groups if group.scenarios == ("CRT-001",))
    assert alone.specimens[0].name == alone.title
    cell, missing = alone.specimens[0].cells
    assert (cell.outcome if cell else "", missing) == ("handshake failure", None)


def test_the_worst_case_of_a_specimen_is_its_cell(tmp_path: Path) -> None:
    cases: list[JSON] = [
        case("PASS", vary={"flaw": "old", "version": "1.2"}, reason="TLS alert unknown_ca(48)"),
        case("FAIL", vary={"flaw": "old", "version": "1.3"}, outcome="RESPONDED"),
        case("PASS", vary={"flaw": "old", "version": "1.4"}),
        case("PASS", vary={"validity": "not yet", "version": "1.2"}),
    ]
    rows = [
        result("CRT-004", "FAIL", cases=cases),
        result("CRT-010", "NOT_APPLICABLE"),
        result("TLS-003", "FAIL", cases=cases),
    ]
    zoo = zoo_of(builder.build(tmp_path / "run", rows))
    assert zoo.columns == ("acceptor",)
    ((old, young),) = (group.specimens for group in zoo.groups)
    cell = old.cells[0]
    assert cell is not None
    assert (cell.verdict, cell.outcome, cell.plays) == (Verdict.FAIL, "responded", 3)
    assert young.name == "not yet"


def test_a_run_without_tls_has_no_such_section(sample: Run, tmp_path: Path) -> None:
    run = builder.build(tmp_path / "run", [result("ASC-001", "PASS")])
    assert (surfaces_of(run), policies_of(run), zoo_of(run)) == ((), (), Zoo((), ()))
    assert 'id="tls"' not in html.render(run).decode()
    assert 'id="tls"' in html.render(sample).decode()


def test_the_page_has_signs_and_words_beside_the_colours(secure_run: Run) -> None:
    page = html.render(secure_run).decode()
    for told in (
        "What the device accepts when called",
        "What the device offers when it calls",
        "post-quantum",
        "forbidden",
        "Warnings rest on DCMTK&#39;s table (secondary).",
        "Certificates that were shown",
        "certificate expired",
    ):
        assert told in page


def test_hostile_strings_build_nothing(hostile_secure_run: Run) -> None:
    page = html.render(hostile_secure_run).decode()
    for raw in (hostile.SCRIPT, hostile.IMAGE, "<injected", "<svg onload", "\u202e", "\x1b"):
        assert raw not in page
    assert "A" * 3000 not in page
    assert junit.render(hostile_secure_run)
    assert hostile.SCRIPT.encode() not in markdown.render(hostile_secure_run)


def test_markdown_names_the_profiles(secure_run: Run, sample: Run) -> None:
    told = markdown.render(secure_run).decode()
    assert "### TLS profiles" in told
    assert "| PS3.15/B.13 Modified BCP 195 TLS | acceptor | yes | ⚠️ WARN |" in told
    assert "TLS profiles" not in markdown.render(sample).decode()
