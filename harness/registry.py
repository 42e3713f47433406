"""The registry of scenarios: a bad declaration is refused at import, with its name.

Scenario packs are found by the entry-point group ``dicom_assay.scenarios``; every module of a
pack is imported, and each ``@scenario`` registers itself. Adding an attack is one new file.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import entry_points

from harness import requirements
from harness.errors import CatalogueError
from harness.model import JSON, Body, Claim, Oracle, Question, Role, Safety, Scenario, Severity

FAMILIES = (
    "ASC", "DIM", "RES", "TLS", "CRT", "MIM", "AUT", "STO", "PAR", "PIX", "TXT", "WEB", "INT",
    "AUD", "DEI", "HL7", "MED", "CFG", "LOAD", "FUZ", "REV",
)  # fmt: skip
"""Attack surfaces, as the letters before the first hyphen of an id; packs may add their own."""

_ID = re.compile(r"[A-Z]{2,4}-\d{3}[A-Z]?")
_CWE = re.compile(r"CWE-\d{1,4}")
_MAX_BUDGET_S = 300.0
_REMEDY = "Remedy:"

_scenarios: dict[str, Scenario] = {}


def scenario(
    *,
    id: str,
    role: Role,
    verifies: Sequence[str],
    threats: Sequence[str],
    weakness: Sequence[str],
    severity: Severity,
    needs: Iterable[Claim],
    twin: str | None,
    control: str,
    oracles: Sequence[Oracle],
    budget_s: float = 20.0,
    safety: Safety = Safety.NON_DESTRUCTIVE,
    alone: bool = False,
    bystander: bool = True,
    vary: Sequence[Mapping[str, JSON]] = (),
    references: Sequence[str] = (),
    question: Question | None = None,
) -> Callable[[Body], Body]:
    """Registers the decorated function as a scenario.

    The docstring is the documentation: its first line is the title, a requirement on the device;
    the paragraphs after it are the rationale; the paragraph that opens with ``Remedy:`` says how
    to mend a device that fails.

    Raises:
        CatalogueError: The declaration is incomplete or inconsistent; the message names it.
    """

    def register(body: Body) -> Body:
        title, rationale, remedy = _documentation(id, body)
        declared = Scenario(
            id=id,
            title=title,
            rationale=rationale,
            remediation=remedy,
            role=role,
            severity=severity,
            verifies=tuple(verifies),
            threats=tuple(threats),
            weakness=tuple(weakness),
            references=tuple(references),
            needs=frozenset(needs),
            twin=twin,
            control=control,
            oracles=tuple(oracles),
            budget_s=budget_s,
            safety=safety,
            alone=alone,
            bystander=bystander,
            vary=tuple(vary),
            body=body,
            source=inspect.getsourcefile(body) or "",
            question=question,
        )
        _refuse_bad(declared)
        _scenarios[id] = declared
        return body

    return register


def load() -> Mapping[str, Scenario]:
    """Imports every scenario pack and returns all scenarios by id, sorted.

    Raises:
        CatalogueError: A declaration is wrong, or a twin does not exist.
    """
    for entry in entry_points(group="dicom_assay.scenarios"):
        package = entry.load()
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for declared in _scenarios.values():
        _refuse_bad_twin(declared)
    return dict(sorted(_scenarios.items()))


def _documentation(scenario_id: str, body: Body) -> tuple[str, str, str]:
    """Title, rationale and remedy from the docstring."""
    text = inspect.getdoc(body) or ""
    title, _, rest = text.partition("\n")
    rationale, found, remedy = rest.partition(_REMEDY)
    if not title.endswith(".") or ". " in title:
        raise CatalogueError(f"{scenario_id}: the first docstring line must be one sentence")
    if not rationale.strip():
        raise CatalogueError(f"{scenario_id}: the docstring must say why an attacker would do this")
    if not found or not remedy.strip():
        raise CatalogueError(f"{scenario_id}: the docstring needs a paragraph 'Remedy: ...'")
    return title, " ".join(rationale.split()), " ".join(remedy.split())


def _refuse_bad(declared: Scenario) -> None:
    """Checks that need no other scenario."""
    known = requirements.load()
    asks = declared.question is not None
    problems = [
        (not _ID.fullmatch(declared.id), "id must look like ABC-001"),
        (declared.id in _scenarios, "id is declared twice"),
        (not declared.verifies, "verifies must name at least one requirement"),
        (not declared.threats, "threats must name at least one threat"),
        (not declared.oracles, "oracles must not be empty: there is no default verdict"),
        (not declared.control, "control must name the seeded flaw that makes it FAIL"),
        (not declared.needs, "needs must name at least one claim"),
        (not 0 < declared.budget_s <= _MAX_BUDGET_S, f"budget_s must be in (0, {_MAX_BUDGET_S}]"),
        (len({frozenset(case) for case in declared.vary}) > 1, "all cases of vary need equal keys"),
        (not _is_json(declared.vary), "vary must hold JSON values only"),
        (any(declared.vary.count(case) > 1 for case in declared.vary), "vary repeats a case"),
        ((declared.role is Role.DEVICE) != asks, "role DEVICE and a question need each other"),
        (asks and Claim.REVIEWS not in declared.needs, "a question needs the claim REVIEWS"),
        (asks and bool(declared.twin or declared.vary), "a question has neither twin nor cases"),
    ]
    problems += [
        (not _CWE.fullmatch(cwe), f"weakness {cwe!r} is no CWE id") for cwe in declared.weakness
    ]
    problems += [(r not in known, f"unknown requirement {r!r}") for r in declared.verifies]
    problems += [
        (t not in requirements.threats(), f"unknown threat {t!r}") for t in declared.threats
    ]
    wrong = [message for bad, message in problems if bad]
    if wrong:
        raise CatalogueError(f"{declared.id} ({declared.body.__qualname__}): {'; '.join(wrong)}")


def _is_json(vary: Sequence[Mapping[str, JSON]]) -> bool:
    try:
        json.dumps(vary)
    except TypeError:
        return False
    return True


def _refuse_bad_twin(declared: Scenario) -> None:
    """A negative case names a positive one of the same role that claims no more than it."""
    if declared.twin is None:
        return
    twin = _scenarios.get(declared.twin)
    if twin is None:
        raise CatalogueError(f"{declared.id}: its twin {declared.twin!r} does not exist")
    if not twin.positive or twin.role is not declared.role:
        raise CatalogueError(f"{declared.id}: {twin.id} is no positive case of the same role")
    if extra := twin.needs - declared.needs:
        names = ", ".join(sorted(extra))
        raise CatalogueError(f"{declared.id}: its twin {twin.id} needs more than it does: {names}")
