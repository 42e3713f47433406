"""TLS policies: what may stand in one, and what they say about recorded surfaces."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from harness import schemas, tls_policy
from harness.errors import CatalogueError, ProfileError
from harness.model import JSON, Observation
from harness.profile import TLS_PROFILE_CLAIMS, TlsProfile, parse
from harness.requirements import Confidence, Level
from harness.tls_policy import Policy, Rule, published, rules_of
from harness.tls_policy_rules import RuleFinding, judge, worst
from harness.tls_surface import KIND, read
from harness.verdict import Verdict
from tests.harness import tls_surfaces

FOLDER = Path(tls_policy.__file__).parent / "catalogue" / "tls_policies"
EXAMPLE = Path(__file__).parents[2] / "simulators" / "devices" / "house-policy.toml"

# What each recorded device earns under each policy, by hand from its surface.
EXPECTED = {
    "reference": {
        "RFC 9325": "PASS", "B.1": "FAIL", "B.3": "FAIL", "B.9": "PASS", "B.10": "FAIL",
        "B.11": "FAIL", "B.12": "PASS", "B.13": "PASS", "ITI-19": "FAIL",
    },
    "dcmtk-storescp": {
        "RFC 9325": "FAIL", "B.1": "FAIL", "B.3": "FAIL", "B.9": "PASS", "B.10": "PASS",
        "B.11": "FAIL", "B.12": "FAIL", "B.13": "FAIL", "ITI-19": "PASS",
    },
    "orthanc": {
        "RFC 9325": "FAIL", "B.1": "FAIL", "B.3": "FAIL", "B.9": "WARN", "B.10": "FAIL",
        "B.11": "FAIL", "B.12": "FAIL", "B.13": "FAIL", "ITI-19": "FAIL",
    },
    "weak-server": {
        "RFC 9325": "FAIL", "B.1": "PASS", "B.3": "WARN", "B.9": "FAIL", "B.10": "FAIL",
        "B.11": "FAIL", "B.12": "FAIL", "B.13": "FAIL", "ITI-19": "FAIL",
    },
    "reference-requestor": {
        "RFC 9325": "PASS", "B.1": "FAIL", "B.3": "FAIL", "B.9": "PASS", "B.10": "FAIL",
        "B.11": "FAIL", "B.12": "PASS", "B.13": "PASS", "ITI-19": "FAIL",
    },
    "dcmtk-echoscu": {
        "RFC 9325": "WARN", "B.1": "FAIL", "B.3": "FAIL", "B.9": "PASS", "B.10": "PASS",
        "B.11": "FAIL", "B.12": "WARN", "B.13": "WARN", "ITI-19": "PASS",
    },
}  # fmt: skip


@pytest.mark.parametrize("path", [*sorted(FOLDER.glob("*.toml")), EXAMPLE], ids=lambda p: p.name)
def test_the_schema_takes_every_policy_of_ours(path: Path) -> None:
    jsonschema.validate(tomllib.loads(path.read_text("utf-8")), schemas.tls_policy_schema())


def test_every_profile_that_may_be_claimed_is_published() -> None:
    assert set(get_args(TlsProfile)) == set(TLS_PROFILE_CLAIMS) < set(published())
    assert tls_policy.house(EXAMPLE).status == "house"


@pytest.mark.parametrize("device", sorted(EXPECTED))
def test_recorded_devices_earn_what_they_should(device: str) -> None:
    surface = tls_surfaces.surface_of(tls_surfaces.data(device))
    earned = {name: worst(judge(policy, surface)).name for name, policy in published().items()}
    assert earned == EXPECTED[device]


def test_every_recorded_surface_is_judged_here() -> None:
    assert set(EXPECTED) == set(tls_surfaces.NAMES)


@pytest.mark.parametrize("device", tls_surfaces.NAMES)
def test_what_was_not_read_fails_nobody(device: str) -> None:
    surface = tls_surfaces.surface_of(tls_surfaces.data(device))
    for policy in published().values():
        for finding in judge(policy, surface):
            if finding.verdict is Verdict.FAIL:
                assert finding.rule.confidence in (Confidence.READ, Confidence.OWN)
                assert finding.rule.level in (Level.SHALL, Level.POLICY)


def test_a_warning_from_second_hand_says_whose_word_it_is() -> None:
    seen = tls_surfaces.data("dcmtk-storescp")
    finding = _of("B.13", "tls-1.3-suites", seen)
    assert finding.verdict is Verdict.WARN
    assert "second hand: PS3.15 Annex B.13" in finding.reason


def test_conflicting_profiles_are_not_merged() -> None:
    seen = tls_surfaces.data("dcmtk-storescp")
    assert _of("RFC 9325", "dhe", seen).verdict is Verdict.WARN
    assert _of("B.10", "four-suites", seen).verdict is Verdict.PASS


def test_ecdsa_suites_need_an_ecdsa_certificate() -> None:
    seen = tls_surfaces.data("reference")
    alone = _of("B.13", "tls-1.2-suites", seen)
    assert alone.verdict is Verdict.PASS
    assert "7 more are not testable with the device's RSA certificate" in alone.reason
    key: dict[str, JSON] = {"key": "ec", "bits": 256, "curve": "secp256r1", "hash": "sha256"}
    both = _of("B.13", "tls-1.2-suites", {**seen, "other_certificates": [key]})
    assert both.verdict is Verdict.WARN
    assert "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" in both.reason


def _of(policy: str, rule: str, seen: dict[str, JSON]) -> RuleFinding:
    findings = judge(published()[policy], tls_surfaces.surface_of(seen))
    return next(one for one in findings if one.rule.rule == rule)


def _ruled(seen: dict[str, JSON], **rule: Any) -> RuleFinding:
    """The finding of a single rule of a house."""
    words = {"rule": "r", "level": "SHALL", "text": "t", "source": "s", "confidence": "own"}
    policy = Policy.model_validate(
        {"schema": 1, "id": "x", "title": "x", "status": "house", "rule": [{**words, **rule}]}
    )
    findings = judge(policy, tls_surfaces.surface_of(seen))
    return findings[0]


PASS, FAIL, UNTESTABLE, UNSURE = (
    Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE, Verdict.INCONCLUSIVE,
)  # fmt: skip


def a_rule(about: str, demand: str, /, *values: str, **more: Any) -> dict[str, Any]:
    """What a rule needs beside its words."""
    return {"about": about, "demand": demand, "values": list(values), **more}


AES_128 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
RULES: list[tuple[dict[str, Any], Verdict]] = [
    (a_rule("versions", "must", "TLS 1.2", "TLS 1.3"), PASS),
    (a_rule("versions", "must", "TLS 1.1"), FAIL),
    (a_rule("versions", "any", "TLS 1.1", "TLS 1.2"), PASS),
    (a_rule("versions", "any", "TLS 1.1", "TLS 1.0"), FAIL),
    (a_rule("versions", "never", "TLS 1.2"), FAIL),
    (a_rule("versions", "only", "TLS 1.3"), FAIL),
    (a_rule("versions", "prefer", "TLS 1.3"), PASS),
    (a_rule("versions", "prefer", "TLS 1.2"), FAIL),
    (a_rule("versions", "may", "TLS 1.1"), PASS),
    (a_rule("versions", "never", "DTLS 1.0"), UNTESTABLE),
    (a_rule("suites", "must", AES_128), PASS),
    (a_rule("suites", "must", "class:rc4"), FAIL),
    (a_rule("suites", "any", "kx:DHE", "kx:ECDHE"), PASS),
    (a_rule("suites", "any", "kx:DHE"), FAIL),
    (a_rule("suites", "any", "auth:ECDSA", "kx:DHE"), FAIL),
    (a_rule("suites", "any", AES_128.replace("RSA", "ECDSA")), UNTESTABLE),
    (a_rule("suites", "never", "mode:CBC", "cipher:NULL"), PASS),
    (a_rule("suites", "never", "mode:GCM"), FAIL),
    (
        a_rule(
            "suites", "never", "mode:GCM", versions=["TLS 1.2"], unless_extension="session_ticket"
        ),
        PASS,
    ),
    (a_rule("suites", "only", "class:aead-pfs", "class:tls13"), PASS),
    (a_rule("suites", "only", "class:tls13"), FAIL),
    (a_rule("suites", "prefer", "cipher:AES_256"), PASS),
    (a_rule("suites", "prefer", "cipher:AES_128"), FAIL),
    (a_rule("suites", "must", "x", versions=["TLS 1.0"]), UNTESTABLE),
    (a_rule("groups", "must", "x25519"), PASS),
    (a_rule("groups", "never", "x25519"), FAIL),
    (a_rule("groups", "must", least_bits=256), PASS),
    (a_rule("groups", "must", least_bits=300), FAIL),
    (a_rule("finite-field", "must", least_bits=2048), UNTESTABLE),
    (a_rule("signatures", "never", "hash:SHA1"), PASS),
    (a_rule("signatures", "never", "hash:SHA256"), FAIL),
    (a_rule("signatures", "must", "rsa_pss_rsae_sha256"), PASS),
    (a_rule("certificate", "must", least_bits=2048), PASS),
    (a_rule("certificate", "must", least_bits=3072), FAIL),
    (a_rule("certificate", "must", "sha512"), FAIL),
    (a_rule("extensions", "must", "renegotiation_info"), PASS),
    (a_rule("extensions", "must", "truncated_hmac"), FAIL),
    (a_rule("extensions", "never", "session_ticket"), FAIL),
    (a_rule("preference", "must"), PASS),
    (a_rule("client-certificate", "must"), PASS),
    (a_rule("port", "must", "2762"), FAIL),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "verdict"), RULES, ids=str)
def test_each_kind_of_rule(rule: dict[str, Any], verdict: Verdict) -> None:
    assert _ruled(tls_surfaces.data("reference"), **rule).verdict is verdict


UNSURE_RULES: list[tuple[dict[str, JSON], dict[str, Any], Verdict]] = [
    (
        {"unsure": [{"what": "suites TLS 1.2", "why": "cut"}]},
        a_rule("suites", "never", "mode:CBC"),
        UNSURE,
    ),
    (
        {"unsure": [{"what": "suites TLS 1.2", "why": "cut"}]},
        a_rule("suites", "never", "mode:GCM"),
        FAIL,
    ),
    (
        {"unsure": [{"what": "groups TLS 1.2", "why": "cut"}]},
        a_rule("groups", "never", "secp192r1"),
        UNSURE,
    ),
    ({"chosen_version": None}, a_rule("versions", "prefer", "TLS 1.3"), UNSURE),
    ({"preference": "client"}, a_rule("preference", "must"), FAIL),
    ({"preference": "unknown"}, a_rule("preference", "must"), UNTESTABLE),
    ({"preference": "client"}, a_rule("suites", "prefer", "cipher:AES_256"), FAIL),
    ({"preference": "unknown"}, a_rule("suites", "prefer", "x"), UNTESTABLE),
    ({"client_certificate": "unknown"}, a_rule("client-certificate", "must"), UNTESTABLE),
    ({"client_certificate": "not requested"}, a_rule("client-certificate", "must"), FAIL),
    ({"dh_bits": 1024}, a_rule("finite-field", "must", least_bits=2048), FAIL),
    ({"certificate": None}, a_rule("certificate", "must", least_bits=1), UNTESTABLE),
    ({"signature_schemes": []}, a_rule("signatures", "never", "x"), UNTESTABLE),
    ({"groups": {}}, a_rule("groups", "must", least_bits=1), UNTESTABLE),
    ({"extensions": {}}, a_rule("extensions", "must", "x"), UNTESTABLE),
    ({"port": None}, a_rule("port", "must", "2762"), UNTESTABLE),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "rule", "verdict"), UNSURE_RULES, ids=str)
def test_what_was_not_found_out_is_not_guessed(
    changes: dict[str, JSON], rule: dict[str, Any], verdict: Verdict
) -> None:
    assert _ruled({**tls_surfaces.data("reference"), **changes}, **rule).verdict is verdict


def test_a_version_that_could_not_be_asked_is_neither_spoken_nor_refused() -> None:
    seen = tls_surfaces.data("reference")
    versions: Any = seen["versions"]
    versions["TLS 1.1"] = {"answer": "unknown", "how": "no connection"}
    finding = _of("RFC 9325", "old-versions", seen)
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert "TLS 1.1" in finding.reason
    versions["TLS 1.0"] = {"answer": "accepted", "how": "TLS_RSA_WITH_AES_128_CBC_SHA"}
    assert _of("RFC 9325", "old-versions", seen).verdict is Verdict.FAIL


@pytest.mark.parametrize("bad", [None, 7, "x", [], [7, None, {"a": 1}], {"x": 7}, {"x": [7, {}]}])
def test_no_surface_makes_the_judge_raise(bad: JSON) -> None:
    names = tls_surfaces.data("reference")
    for side in ("acceptor", "requestor"):
        hostile: dict[str, JSON] = {**dict.fromkeys(names, bad), "side": side}
        for policy in published().values():
            judge(policy, tls_surfaces.surface_of(hostile))


def test_a_surface_of_nobody_is_none() -> None:
    seen = Observation(at_s=0.0, actor="attacker", kind=KIND, data={"side": "?"})
    assert read(seen) is None


HEAD = 'schema = 1\nid = "x"\ntitle = "x"\nstatus = "house"\n'
RULE = (
    '[[rule]]\nrule = "r"\nabout = "suites"\ndemand = "never"\nvalues = ["mode:CBC"]\n'
    'level = "SHALL"\ntext = "t"\nsource = "s"\nconfidence = "own"\n'
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("schema = ", "not valid TOML"),
        (HEAD, "rule"),
        (HEAD + RULE + RULE, "given twice"),
        (HEAD + RULE.replace("never", "first"), "demand"),
        (HEAD + RULE.replace('"never"', '"must"').replace("suites", "preference").replace(
            'values = ["mode:CBC"]\n', "").replace("preference", "port"), "give values"),
        (HEAD + RULE.replace("suites", "preference"), "takes the demands must"),
        (HEAD + RULE.replace("suites", "finite-field").replace("never", "must").replace(
            'values = ["mode:CBC"]\n', ""), "give least_bits"),
        (HEAD + RULE.replace("mode:CBC", "color:red"), "no selector"),
        (HEAD + RULE + "colour = 1\n", "colour"),
        (HEAD + 'base = "B.99"\n' + RULE, "no policy 'B.99'"),
        (HEAD.replace('id = "x"', 'id = "B.12"') + RULE, "belongs to a published policy"),
    ],
)  # fmt: skip
def test_a_bad_policy_of_a_house_is_one_clear_line(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ProfileError) as refused:
        tls_policy.house(file)
    message = str(refused.value)
    assert words in message
    assert "\n" not in message
    if "base" not in text:
        assert str(file) in message


def test_a_device_profile_names_policies_beside_it(tmp_path: Path) -> None:
    head = 'schema = 1\n[device]\nmanufacturer = "a"\nmodel = "b"\n[acceptor]\ntls_port = 2762\n'
    source = str(tmp_path / "device.toml")
    with pytest.raises(ProfileError, match="cannot read the TLS policy"):
        parse(f'{head}[tls]\npolicies = ["house.toml"]\n', source)
    (tmp_path / "house.toml").write_text(HEAD + RULE, "utf-8")
    read_profile = parse(
        f'{head}[tls]\nprofile = "B.12"\nprofiles = ["B.13", "B.12"]\npolicies = ["house.toml"]\n',
        source,
    )
    facts = read_profile.facts()
    assert facts["tls_profiles"] == ["B.12", "B.13"]
    stored: Any = facts["tls_policies"]
    again = tls_policy.stored(stored[0])
    assert again == tls_policy.house(tmp_path / "house.toml")
    assert tls_policy.stored({"id": "no policy"}) is None
    claims = {claim.value for claim in read_profile.claims()}
    assert {"tls-profile-b.12", "tls-profile-b.13", "tls-house-policy"} <= claims


def test_a_base_gives_its_rules_but_those_replaced_or_dropped() -> None:
    names = [rule.rule for rule in rules_of(published()["B.13"])]
    assert len(names) == len(set(names))
    assert "dhe" not in names
    replaced = next(r for r in rules_of(published()["B.13"]) if r.rule == "small-curves")
    assert replaced.least_bits == 256


def test_whatever_is_dropped_is_there() -> None:
    known = published()
    for policy in known.values():
        if policy.base:
            names = {rule.rule for rule in rules_of(known[policy.base])}
            assert set(policy.drop) <= names, policy.id


def test_a_missing_base_is_a_mistake_of_the_catalogue() -> None:
    policy = published()["B.12"].model_copy(update={"base": "B.99"})
    with pytest.raises(CatalogueError, match=r"B\.99"):
        rules_of(policy)


def test_rules_bind_the_side_that_they_name() -> None:
    rule = next(r for r in rules_of(published()["B.13"]) if r.rule == "tls-1.3-suites")
    assert isinstance(rule, Rule)
    names = {
        finding.rule.rule
        for finding in judge(
            published()["B.13"],
            tls_surfaces.surface_of(tls_surfaces.data("reference-requestor")),
        )
    }
    assert "tls-1.3-suite" in names
    assert "tls-1.3-suites" not in names


def test_a_suite_that_nobody_knows_is_neither_for_nor_against_a_property() -> None:
    seen = tls_surfaces.data("reference")
    suites: Any = seen["suites"]
    strange: dict[str, JSON] = {"name": "suite 0xfefe", "code": 0xFEFE, "class": "unknown"}
    suites["TLS 1.2"] = [{**strange, "order": 0}, *suites["TLS 1.2"]]
    closed = a_rule("suites", "only", "class:aead-pfs", "class:tls13")
    assert _ruled(seen, **closed).verdict is UNSURE
    assert (
        _ruled(seen, **a_rule("suites", "prefer", "kx:ECDHE", versions=["TLS 1.2"])).verdict is PASS
    )
    assert _ruled(seen, **a_rule("suites", "never", "mode:CBC")).verdict is PASS
    listed = [str(one["name"]) for names in suites.values() for one in names if one != strange]
    assert _ruled(seen, **a_rule("suites", "only", *listed[1:])).verdict is FAIL
