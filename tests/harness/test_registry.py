"""The registry: a bad declaration is refused at import, and named."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypedDict, Unpack

import pytest

from harness import registry
from harness.errors import CatalogueError
from harness.model import JSON, Body, Claim, Oracle, Role, Safety, Scenario, Severity
from harness.registry import scenario
from harness.stage import Stage
from tests.harness.fakes import always


class Declaration(TypedDict, total=False):
    """What a test may declare otherwise than a good scenario would."""

    id: str
    role: Role
    verifies: list[str]
    threats: list[str]
    weakness: list[str]
    needs: set[Claim]
    twin: str | None
    control: str
    oracles: list[Oracle]
    budget_s: float
    safety: Safety
    vary: list[Mapping[str, JSON]]


def honest(stage: Stage) -> None:
    """The device does as it should.

    An attacker would like it not to.

    Remedy: do as you should.
    """


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> dict[str, Scenario]:
    """The registry, empty, and no scenario pack installed."""
    scenarios: dict[str, Scenario] = {}
    monkeypatch.setattr(registry, "_scenarios", scenarios)
    monkeypatch.setattr(registry, "entry_points", lambda group: ())
    return scenarios


def declare(body: Body = honest, **changed: Unpack[Declaration]) -> Body:
    """A good declaration but for what is changed."""
    register = scenario(
        id=changed.get("id", "ASC-001"),
        role=changed.get("role", Role.ACCEPTOR),
        verifies=changed.get("verifies", ["PS3.8/9.2"]),
        threats=changed.get("threats", ["T-AVAIL-02"]),
        weakness=changed.get("weakness", ["CWE-20"]),
        severity=Severity.HIGH,
        needs=changed.get("needs", {Claim.VERIFICATION_SCP}),
        twin=changed.get("twin"),
        control=changed.get("control", "some_flaw"),
        oracles=changed.get("oracles", [always()]),
        budget_s=changed.get("budget_s", 20.0),
        safety=changed.get("safety", Safety.NON_DESTRUCTIVE),
        vary=changed.get("vary", []),
    )
    return register(body)


def _documented(text: str | None) -> Body:
    def body(stage: Stage) -> None:
        pass

    body.__doc__ = text
    return body


def test_a_good_declaration_is_taken_whole(empty: dict[str, Scenario]) -> None:
    assert declare(vary=[{"a": 1}, {"a": 2}], safety=Safety.STORES_OBJECTS) is honest
    declared = empty["ASC-001"]
    assert declared.title == "The device does as it should."
    assert declared.rationale == "An attacker would like it not to."
    assert declared.remediation == "do as you should."
    assert declared.body is honest
    assert declared.family == "ASC"
    assert declared.source == __file__


_BAD: list[tuple[Declaration, str]] = [
    ({"id": "asc-001"}, "id must look like"),
    ({"id": "ASC-1"}, "id must look like"),
    ({"id": "ASC-001\n"}, "id must look like"),
    ({"verifies": []}, "verifies must name"),
    ({"verifies": ["PS3.8/9.99"]}, "unknown requirement 'PS3.8/9.99'"),
    ({"threats": []}, "threats must name"),
    ({"threats": ["T-AVAIL-99"]}, "unknown threat 'T-AVAIL-99'"),
    ({"weakness": ["CWE20"]}, "weakness 'CWE20' is no CWE id"),
    ({"oracles": []}, "oracles must not be empty"),
    ({"control": ""}, "control must name"),
    ({"needs": set()}, "needs must name"),
    ({"budget_s": 0}, "budget_s must be"),
    ({"budget_s": 301}, "budget_s must be"),
    ({"vary": [{"a": 1}, {"b": 1}]}, "all cases of vary need equal keys"),
    ({"vary": [{"a": 1}, {}]}, "all cases of vary need equal keys"),
    ({"vary": [{"a": 1}, {"a": 1}]}, "vary repeats a case"),
    ({"vary": [{"a": {1, 2}}]}, "vary must hold JSON"),  # type: ignore[dict-item]
]


@pytest.mark.parametrize(("changed", "message"), _BAD, ids=lambda value: str(value)[:40])
def test_a_bad_declaration_is_refused_and_named(changed: Declaration, message: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        declare(**changed)
    assert message in str(caught.value)
    assert changed.get("id", "ASC-001") in str(caught.value)


def test_all_problems_of_a_declaration_are_told_at_once() -> None:
    with pytest.raises(CatalogueError, match=r"oracles must not be empty.*; control must name"):
        declare(oracles=[], control="")


def test_an_id_is_declared_once() -> None:
    declare()
    with pytest.raises(CatalogueError, match=r"ASC-001 \(honest\): id is declared twice"):
        declare()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "first docstring line must be one sentence"),
        ("It copes", "first docstring line must be one sentence"),
        ("It copes. And how.\n\nWhy.\n\nRemedy: cope.", "must be one sentence"),
        ("It copes.", "must say why an attacker would"),
        ("It copes.\n\nRemedy: cope.", "must say why an attacker would"),
        ("It copes.\n\nBecause.", "needs a paragraph 'Remedy: ...'"),
        ("It copes.\n\nBecause.\n\nRemedy:", "needs a paragraph 'Remedy: ...'"),
    ],
)
def test_the_docstring_is_the_documentation(text: str | None, message: str) -> None:
    with pytest.raises(CatalogueError, match=message) as caught:
        declare(_documented(text))
    assert "ASC-001" in str(caught.value)


class TestTwins:
    """Twins are looked at when everything is declared."""

    def test_one_that_exists_is_found(self) -> None:
        declare(id="ASC-900")
        declare(id="ASC-001", twin="ASC-900")
        assert list(registry.load()) == ["ASC-001", "ASC-900"]

    def test_a_missing_one_is_refused(self) -> None:
        declare(twin="ASC-999")
        with pytest.raises(CatalogueError, match="ASC-001: its twin 'ASC-999' does not exist"):
            registry.load()

    def test_it_must_be_positive(self) -> None:
        declare(id="ASC-900")
        declare(id="ASC-002", twin="ASC-900")
        declare(id="ASC-001", twin="ASC-002")
        with pytest.raises(CatalogueError, match="ASC-001: ASC-002 is no positive case"):
            registry.load()

    def test_it_must_have_the_same_role(self) -> None:
        declare(id="ASC-900", role=Role.REQUESTOR)
        declare(twin="ASC-900")
        with pytest.raises(CatalogueError, match="ASC-001: ASC-900 is no positive case"):
            registry.load()

    def test_it_must_not_need_more(self) -> None:
        declare(id="ASC-900", needs={Claim.VERIFICATION_SCP, Claim.STORAGE_SCP})
        declare(twin="ASC-900")
        with pytest.raises(CatalogueError, match=r"its twin ASC-900 needs more.*: storage-scp"):
            registry.load()


class TestPacks:
    """Packs come by entry point; every module of theirs is imported."""

    @pytest.fixture
    def pack(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
        """A vendor's pack with one module."""
        package = types.ModuleType("vendor_pack")
        package.__path__ = [str(tmp_path)]
        monkeypatch.setitem(sys.modules, "vendor_pack", package)
        monkeypatch.setattr(registry, "entry_points", lambda group: (_Entry(package),))
        yield
        sys.modules.pop("vendor_pack.attack", None)

    @pytest.mark.usefixtures("pack")
    def test_a_private_pack_is_found(self, tmp_path: Path) -> None:
        (tmp_path / "attack.py").write_text(_ATTACK.format(id="VND-001"))
        assert list(registry.load()) == ["VND-001"]

    @pytest.mark.usefixtures("pack")
    def test_a_bad_one_is_refused_at_import(self, tmp_path: Path) -> None:
        (tmp_path / "attack.py").write_text(_ATTACK.format(id="bad"))
        with pytest.raises(CatalogueError, match=r"bad \(attacks\): id must look like"):
            registry.load()


class _Entry:
    def __init__(self, package: types.ModuleType) -> None:
        self._package = package

    def load(self) -> types.ModuleType:
        return self._package


_ATTACK = '''
from harness.model import Claim, Role, Severity
from harness.registry import scenario
from tests.harness.fakes import always

@scenario(id="{id}", role=Role.ACCEPTOR, verifies=["PS3.8/9.2"], threats=["T-AVAIL-02"],
          weakness=[], severity=Severity.LOW, needs={{Claim.ACCEPTOR}}, twin=None, control="x",
          oracles=[always()])
def attacks(stage):
    """The device copes.

    Because.

    Remedy: cope.
    """
'''
