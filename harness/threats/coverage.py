"""What exercises each threat: the scenarios that name it, in the role that its direction asks for.

A threat may also be exercised in part by the scenarios of the threats that it goes ``through``,
and some can only be answered by a person. What nothing plays has to say why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness import requirements
from harness.model import Role, Scenario
from harness.threats import model as threats
from harness.threats.model import Threat

_ROLES: Mapping[str, tuple[Role, ...]] = {
    "client to server": (Role.ACCEPTOR,),
    "server to client": (Role.REQUESTOR,),
}
_BOTH = (Role.ACCEPTOR, Role.REQUESTOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """The scenarios against one threat.

    Attributes:
        acceptor: Ids of scenarios in which the device accepts.
        requestor: Ids of scenarios in which the device calls, by DIMSE or by DICOMweb.
        reader: Ids of scenarios in which it reads files, from whichever direction those came.
        attested: Ids of questions that a person answers, where nothing can be measured.
        through: Ids of other threats whose scenarios reach a part of it.
        status: "exercised", "in part", "by a person" or "not exercised".
    """

    acceptor: tuple[str, ...]
    requestor: tuple[str, ...]
    reader: tuple[str, ...]
    attested: tuple[str, ...]
    through: tuple[str, ...]
    status: str

    @property
    def scenarios(self) -> tuple[str, ...]:
        """All of them."""
        return self.acceptor + self.requestor + self.reader + self.attested


def exercised(catalogue: Mapping[str, Scenario]) -> Mapping[str, Exercise]:
    """What exercises each threat, by id; every threat is a key."""
    attacks = [one for one in catalogue.values() if not one.positive or one.question]
    direct: dict[str, list[Scenario]] = {name: [] for name in threats.load()}
    for scenario in attacks:
        for name in scenario.threats:
            direct[name].append(scenario)
    return {threat.id: _exercise(threat, direct) for threat in threats.load().values()}


def problems(catalogue: Mapping[str, Scenario]) -> list[str]:
    """What is wrong with the threats against registry and requirements; empty when nothing is."""
    known, wrong = requirements.load(), list[str]()
    for name, found in exercised(catalogue).items():
        threat = threats.load()[name]
        for each in threat.answered_by:
            if each not in known:
                wrong.append(f"threat {name}: answered_by names {each!r}, which is no requirement")
        played = found.status in ("exercised", "in part")
        if not played and not threat.untested:
            wrong.append(f"threat {name}: no scenario plays it and 'untested' gives no reason")
        if played and threat.untested:
            wrong.append(f"threat {name}: is exercised, so 'untested' is stale")
        if found.status == "in part" and not threat.partly:
            wrong.append(f"threat {name}: is exercised in part, and 'partly' does not say which")
    return wrong


def _exercise(threat: Threat, direct: Mapping[str, Sequence[Scenario]]) -> Exercise:
    acceptor, requestor, reader = (
        tuple(one.id for one in direct[threat.id] if one.role in roles)
        for roles in ((Role.ACCEPTOR,), (Role.REQUESTOR, Role.USER_AGENT), (Role.READER,))
    )
    attested = tuple(one.id for one in direct[threat.id] if one.question)
    needed = _ROLES.get(threat.direction, _BOTH)
    found = {Role.ACCEPTOR: acceptor, Role.REQUESTOR: requestor}
    missing = [role for role in needed if not found[role]]
    through = tuple(
        name for name in threat.through if any(not one.question for one in direct[name])
    )
    if not missing and not threat.partly:
        status = "exercised"
    elif acceptor or requestor or reader or through:
        status = "in part"
    else:
        status = "by a person" if attested else "not exercised"
    return Exercise(
        acceptor=acceptor,
        requestor=requestor,
        reader=reader,
        attested=attested,
        through=through,
        status=status,
    )
