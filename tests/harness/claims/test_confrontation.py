"""Claims against observations: a contradiction needs a failure or a fact, and unset is never no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from harness.confrontation import confronted, disproved
from harness.model import JSON, Observation
from simulators import wire

Plays = Mapping[str, Sequence[Observation]]
DOCUMENTS: list[JSON] = [
    {"source": source, "name": "f", "sha256": "0" * 64} for source in ("statement", "mds2")
]


def result(name: str, verdict: str, kind: str = "") -> dict[str, JSON]:
    evidence: list[JSON] = [f"device/{name}.log", f"wire/{name}.pcapng"]
    return {
        "id": name, "verdict": verdict, "kind": kind, "reason": "as seen", "evidence": evidence,
    }  # fmt: skip


def answer(identity: str, value: JSON) -> dict[str, JSON]:
    source, _, key = identity.partition("/")
    return {"source": source, "key": key, "value": value, "note": "", "text": "words"}


def rows(
    answers: Mapping[str, JSON],
    results: Sequence[Mapping[str, JSON]] = (),
    plays: Plays | None = None,
    files: Sequence[JSON] = (),
    policies: Sequence[JSON] = (),
) -> dict[str, Mapping[str, JSON]]:
    said: list[JSON] = [answer(key, value) for key, value in answers.items()]
    head: dict[str, JSON] = {"claims": {"files": list(files), "answers": said}}
    document: dict[str, JSON] = {"results": list(results), "tls_policies": list(policies)}
    found = confronted(head, document, plays or {})
    return {str(row["id"]): row for row in found if isinstance(row, Mapping)}


def seen(kind: str, actor: str = "attacker", **data: JSON) -> Observation:
    return Observation(at_s=0.0, actor=actor, kind=kind, data=data)


def acceptance(connection: int = 1, maximum: int = 16384) -> Observation:
    raw = wire.encode(
        wire.AssociateAC(
            items=(
                wire.PresentationContextAC(id=1, transfer_syntax=b"1.2.840.10008.1.2"),
                wire.UserInformation(items=(wire.MaximumLength(value=maximum),)),
            )
        )
    )
    return seen("received", what="A-ASSOCIATE-AC", head=raw.hex(), connection=connection)


def surface(**versions: str) -> Observation:
    answers: dict[str, JSON] = {
        f"TLS {name[1]}.{name[2]}": {"answer": said, "how": ""} for name, said in versions.items()
    }
    return seen("surface", side="acceptor", versions=answers, unsure=[])


CALLING = "statement/network.acceptor.checks_called_ae"
STORAGE = "statement/network.acceptor.services.storage"
VERSIONS = "statement/secure_transport.acceptor.versions"
PDU = "statement/network.acceptor.max_pdu"
ASSOCIATIONS = "statement/network.acceptor.max_associations"


def test_a_run_without_claims_has_no_rows() -> None:
    assert confronted({}, {"results": []}, {}) == []


@pytest.mark.parametrize(
    ("value", "verdicts", "state"),
    [
        ("yes", ("PASS", "PASS"), "confirmed"),
        ("yes", ("PASS", "FAIL"), "contradicted"),
        ("yes", ("PASS", "NOT_APPLICABLE"), "confirmed"),
        ("yes", ("PASS", "INCONCLUSIVE"), "not observable"),
        ("yes", ("PASS", "WARN"), "not observable"),
        ("yes", ("PASS", "REVIEW"), "not observable"),
        ("yes", ("PASS", "ERROR"), "not observable"),
        ("yes", ("NOT_APPLICABLE", "NOT_APPLICABLE"), "not observable"),
        ("yes", ("PASS",), "not observable"),
        ("yes", (), "not observable"),
        ("no", ("PASS", "FAIL"), "confirmed"),
        ("no", ("PASS", "PASS"), "observed but not claimed"),
        ("n/a", ("PASS", "PASS"), "observed but not claimed"),
        ("n/a", ("FAIL", "PASS"), "not observable"),
        ("see notes", ("PASS", "PASS"), "not observable"),
    ],
)
def test_a_protection_is_confirmed_by_all_its_scenarios(
    value: str, verdicts: tuple[str, ...], state: str
) -> None:
    results = [result(n, v) for n, v in zip(("AUT-002", "AUT-004B"), verdicts, strict=False)]
    row = rows({CALLING: value}, results)[CALLING]
    assert row["state"] == state
    if state != "not observable":
        assert row["evidence"]


def test_a_crash_does_not_disprove_a_protection() -> None:
    results = [result("AUT-002", "FAIL", "crash"), result("AUT-004B", "PASS")]
    assert rows({CALLING: "yes"}, results)[CALLING]["state"] == "not observable"


@pytest.mark.parametrize(
    ("value", "verdict", "state"),
    [
        ("yes", "PASS", "confirmed"),
        ("yes", "FAIL", "contradicted"),
        ("no", "PASS", "contradicted"),
        ("no", "FAIL", "confirmed"),
        ("no", "INCONCLUSIVE", "not observable"),
    ],
)
def test_a_service_that_is_denied_and_seen_is_contradicted(
    value: str, verdict: str, state: str
) -> None:
    row = rows({STORAGE: value}, [result("STO-900", verdict)])[STORAGE]
    assert row["state"] == state


def test_evidence_is_scenarios_and_captures() -> None:
    row = rows({STORAGE: "yes"}, [result("STO-900", "PASS")])[STORAGE]
    assert row["evidence"] == ["STO-900", "wire/STO-900.pcapng"]


@pytest.mark.parametrize(
    ("claimed", "state"),
    [
        (["1.2", "1.3"], "confirmed"),
        (["1.3"], "contradicted"),
        (["1.1", "1.2", "1.3"], "contradicted"),
    ],
)
def test_a_list_of_versions_is_the_whole_list(claimed: list[JSON], state: str) -> None:
    plays = {"TLS-200": [surface(v11="refused", v12="accepted", v13="accepted")]}
    found = rows({VERSIONS: claimed}, [result("TLS-200", "PASS")], plays)
    assert found[VERSIONS]["state"] == state


def test_a_version_that_nobody_found_out_about_is_open() -> None:
    plays = {"TLS-200": [surface(v12="accepted", v13="unknown")]}
    found = rows({VERSIONS: ["1.2", "1.3"]}, [result("TLS-200", "PASS")], plays)
    assert found[VERSIONS]["state"] == "not observable"


def test_the_list_of_a_profile_is_not_the_whole_list() -> None:
    plays = {"TLS-200": [surface(v12="accepted", v13="accepted")]}
    found = rows({"profile/tls.versions": ["1.2"]}, [result("TLS-200", "PASS")], plays)
    assert found["profile/tls.versions"]["state"] == "confirmed"


@pytest.mark.parametrize(
    ("claimed", "state"), [(16384, "confirmed"), (4096, "contradicted"), (32768, "contradicted")]
)
def test_the_longest_pdu_is_what_is_announced(claimed: int, state: str) -> None:
    plays = {"ASC-900": [acceptance()]}
    assert rows({PDU: claimed}, [result("ASC-900", "PASS")], plays)[PDU]["state"] == state


def test_different_announcements_are_open() -> None:
    plays = {"ASC-900": [acceptance(), acceptance(maximum=0)]}
    found = rows({PDU: 16384}, [result("ASC-900", "PASS")], plays)
    assert found[PDU]["state"] == "not observable"


def test_a_play_that_was_not_judged_shows_nothing() -> None:
    plays = {"ASC-900": [acceptance()]}
    found = rows({PDU: 4096}, [result("ASC-900", "INCONCLUSIVE")], plays)
    assert found[PDU]["state"] == "not observable"


@pytest.mark.parametrize(
    ("claimed", "refused", "state"),
    [
        (3, True, "confirmed"),
        (2, True, "contradicted"),
        (2, False, "contradicted"),
        (4, True, "contradicted"),
        (4, False, "not observable"),
        (3, False, "not observable"),
    ],
)
def test_associations_are_counted_while_all_are_open(
    claimed: int, refused: bool, state: str
) -> None:
    observed = [acceptance(connection) for connection in (1, 2, 3)]
    if refused:
        what = "A-ASSOCIATE-RJ result=2 source=3 reason=2"
        observed.append(seen("received", actor="other", what=what))
    observed += [seen("outcome", outcome="ABORTED", after_s=4.0), acceptance(4)]
    found = rows({ASSOCIATIONS: claimed}, [result("RES-004", "PASS")], {"RES-004": observed})
    assert found[ASSOCIATIONS]["state"] == state


@pytest.mark.parametrize(
    ("claimed", "how", "state"),
    [
        (4.0, "ABORTED", "confirmed"),
        (0.3, "ABORTED", "contradicted"),
        (30.0, "ABORTED", "not observable"),
        (4.0, "TIMEOUT", "not observable"),
        (0.3, "TIMEOUT", "contradicted"),
    ],
)
def test_a_time_is_disproved_only_by_far(claimed: float, how: str, state: str) -> None:
    key = "statement/network.acceptor.idle_timeout_s"
    plays = {"RES-004": [seen("outcome", outcome=how, after_s=4.02)]}
    assert rows({key: claimed}, [result("RES-004", "PASS")], plays)[key]["state"] == state


def test_clear_text_disproves_only_tls() -> None:
    key = "statement/secure_transport.only_tls"
    plays = {"ASC-900": [acceptance(1)]}
    found = rows({key: "yes"}, [result("ASC-900", "PASS")], plays)
    assert found[key]["state"] == "contradicted"
    inside = {"ASC-900": [seen("handshake", connection=1), acceptance(1)]}
    results = [result("ASC-900", "PASS")]
    assert rows({key: "yes"}, results, inside)[key]["state"] == "not observable"
    results.append(result("TLS-001", "PASS"))
    assert rows({key: "yes"}, results, inside)[key]["state"] == "confirmed"


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        (("PASS", "PASS"), "confirmed"),
        (("PASS", "FAIL"), "contradicted"),
        (("PASS", "WARN"), "not observable"),
        ((), "not observable"),
    ],
)
def test_a_profile_is_kept_on_both_sides(verdicts: tuple[str, ...], state: str) -> None:
    key = "statement/secure_transport.profiles:B.12"
    sides = zip(("acceptor", "requestor"), verdicts, strict=False)
    policies: list[JSON] = [
        {"id": "B.12", "role": role, "verdict": verdict, "play": play, "findings": []}
        for (role, verdict), play in zip(sides, ("TLS-200", "TLS-300"), strict=False)
    ]
    results = [result("TLS-200", "PASS"), result("TLS-300", "PASS")]
    assert rows({key: "yes"}, results, policies=policies)[key]["state"] == state


@pytest.mark.parametrize(
    ("claimed", "verdict", "state"),
    [
        ("refuse", "PASS", "confirmed"),
        ("replace", "PASS", "contradicted"),
        ("refuse", "FAIL", "contradicted"),
        ("refuse", "INCONCLUSIVE", "not observable"),
    ],
)
def test_a_choice_is_what_the_scenario_kept_to(claimed: str, verdict: str, state: str) -> None:
    key = "statement/integrity.duplicates"
    plays = {"STO-006.1": [seen("begin", actor="engine", facts={"duplicates": "refuse"})]}
    assert rows({key: claimed}, [result("STO-006", verdict)], plays)[key]["state"] == state


def test_what_is_seen_and_not_said_is_told_for_each_document() -> None:
    found = rows({}, [result("STO-900", "PASS"), result("STO-902", "PASS")], files=DOCUMENTS)
    assert found[STORAGE]["state"] == "observed but not claimed"
    assert found[STORAGE]["claimed"] == "unset"
    assert found["mds2/MPII-3"]["state"] == "observed but not claimed"
    assert not [key for key in found if key.startswith("profile/")]


def test_what_is_not_seen_and_not_said_is_no_row() -> None:
    assert rows({}, [result("STO-900", "FAIL"), result("AUT-002", "FAIL")], files=DOCUMENTS) == {}


def test_a_question_without_a_topic_has_a_reason() -> None:
    row = rows({"mds2/PLOK-1": "yes"})["mds2/PLOK-1"]
    assert (row["state"], row["observed"]) == ("not observable", "")
    assert row["reason"]


def test_whatever_stands_in_the_head_is_survived() -> None:
    strange: list[JSON] = [None, {"source": "rumour", "key": "x"}, {"source": "mds2"}]
    head: dict[str, JSON] = {"claims": {"files": [3], "answers": strange}}
    found = confronted(head, {"results": None}, {})
    assert [row["state"] for row in found if isinstance(row, Mapping)] == ["not observable"]


def test_only_a_fact_without_a_failure_is_disproof_of_its_own() -> None:
    plays = {"ASC-900": [acceptance()]}
    results = [result("ASC-900", "PASS"), result("AUT-002", "FAIL", "accepted")]
    found = rows({PDU: 4096, CALLING: "yes", "profile/acceptor.max_pdu": 4096}, results, plays)
    contradicted = [key for key, row in found.items() if row["state"] == "contradicted"]
    assert contradicted == [PDU, CALLING, "profile/acceptor.max_pdu"]
    assert disproved({"results": results, "claims": list(found.values())}) == [PDU]
