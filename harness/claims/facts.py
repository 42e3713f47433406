"""What was observed of a topic: pure readings of the results and observations of a run.

Only plays that were judged are read: an observation of a play that never came to its point shows
nothing. Nothing here trusts the data; what cannot be read was not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from harness import tls_surface
from harness.claims.associate import Acceptance, acceptance
from harness.claims.topics import Topic
from harness.model import JSON, Observation

Plays = Mapping[str, Sequence[Observation]]
Row = Mapping[str, JSON]

_JUDGED: Final = frozenset({"PASS", "WARN", "FAIL"})
_ENDED: Final = frozenset({"CLOSED", "ABORTED", "RESET", "RELEASED"})
_MOST_EVIDENCE: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was observed of a topic.

    Attributes:
        value: Yes or no, a number, a name, or the members of a set; None when nothing was seen.
        evidence: Scenario ids, and paths of captures in the run folder.
        reason: What was seen, or why nothing was; a clause without a full stop.
        whole: The value is all that there is; otherwise there may be more.
        refused: Members that are certainly not in the set.
    """

    value: JSON = None
    evidence: tuple[str, ...] = ()
    reason: str = ""
    whole: bool = True
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """The results of a run and their plays."""

    document: Mapping[str, JSON]
    plays: Plays
    rows: dict[str, Row] = field(init=False)

    def __post_init__(self) -> None:
        listed = self.document.get("results")
        results = listed if isinstance(listed, Sequence) else ()
        found = {str(row["id"]): row for row in results if isinstance(row, Mapping)}
        object.__setattr__(self, "rows", found)

    def verdict(self, scenario: str) -> str:
        """The verdict on a scenario; empty when it was not played."""
        row = self.rows.get(scenario)
        return str(row["verdict"]) if row else ""

    def judged(self, scenarios: Sequence[str]) -> Iterator[tuple[str, Sequence[Observation]]]:
        """Plays of these scenarios that were judged, with the scenario of each."""
        wanted = {one for one in scenarios if self.verdict(one) in _JUDGED}
        for play, seen in self.plays.items():
            scenario = play.partition(".")[0]
            if scenario in wanted:
                yield scenario, seen

    def evidence(self, scenarios: Sequence[str]) -> tuple[str, ...]:
        """The scenarios, and a capture of each where there is one."""
        found: list[str] = []
        for scenario in tuple(dict.fromkeys(scenarios))[:_MOST_EVIDENCE]:
            paths = self.rows[scenario].get("evidence") if scenario in self.rows else None
            listed = [str(path) for path in paths] if isinstance(paths, Sequence) else []
            found += [scenario, *[path for path in listed if path.startswith("wire/")][:1]]
        return tuple(found)


def read(topic: Topic, look: Look) -> Seen:
    """What the plays show of a topic that has a ``fact``."""
    name, _, parameter = topic.fact.partition(":")
    seen = _READINGS[name](topic, look, parameter)
    if seen.value is None and not seen.reason:
        missing = [one for one in topic.asks if look.verdict(one) not in _JUDGED]
        why = "nothing of it was observed" if not missing else _unplayed(look, missing[0])
        return Seen(reason=why)
    return seen


def _unplayed(look: Look, scenario: str) -> str:
    verdict = look.verdict(scenario)
    return f"{scenario} ended {verdict}" if verdict else f"{scenario} was not played"


def _acceptances(topic: Topic, look: Look) -> Iterator[tuple[str, Acceptance]]:
    """Every acceptance that an honest requestor of ours got, with the scenario."""
    for scenario, observed in look.judged(topic.asks):
        for each in observed:
            if each.kind == "received" and each.data.get("what") == "A-ASSOCIATE-AC":
                try:
                    read = acceptance(bytes.fromhex(str(each.data.get("head", ""))))
                except ValueError:
                    continue
                if read is not None:
                    yield scenario, read


def _transfer_syntaxes(topic: Topic, look: Look, _: str) -> Seen:
    found: dict[str, str] = {}
    for scenario, one in _acceptances(topic, look):
        for syntax in one.transfer_syntaxes:
            found.setdefault(syntax, scenario)
    if not found:
        return Seen()
    # What nobody offered in these exchanges may be accepted as well.
    return Seen(
        value=sorted(found),
        evidence=look.evidence(list(found.values())),
        reason="accepted in honest exchanges",
    )


def _announced(name: str) -> Callable[[Topic, Look, str], Seen]:
    """A reading of one value that each acceptance announces."""

    def reading(topic: Topic, look: Look, _: str) -> Seen:
        found: dict[str | int, str] = {}
        for scenario, one in _acceptances(topic, look):
            value = getattr(one, name)
            if value not in (None, ""):
                found.setdefault(value, scenario)
        if len(found) > 1:
            shown = ", ".join(str(value) for value in found)
            return Seen(reason=f"it announced different values: {shown}")
        for value, scenario in found.items():
            return Seen(
                value=value, evidence=look.evidence([scenario]), reason="as its acceptance says"
            )
        return Seen()

    return reading


def _associations(topic: Topic, look: Look, _: str) -> Seen:
    """How many associations were open together before the first of them ended."""
    best = Seen()
    for scenario, observed in look.judged(topic.asks):
        count, refused = 0, False
        for each in observed:
            what = str(each.data.get("what", ""))
            if each.kind == "received" and what == "A-ASSOCIATE-AC" and each.actor == "attacker":
                count += 1
            elif each.kind == "received" and what.startswith("A-ASSOCIATE-RJ result=2"):
                refused = True
            elif _ends(each, what):
                break
        if count and (best.value is None or count > int(str(best.value))):
            words = f"{count} were open together" + (
                ", and the next was rejected as one too many" if refused else ""
            )
            best = Seen(
                value=count, evidence=look.evidence([scenario]), reason=words, whole=refused
            )
    return best


def _ends(each: Observation, what: str) -> bool:
    """Tell whether an association of ours ended here, by whomever."""
    if each.kind in ("received", "emitted"):
        return what.startswith(("A-ABORT", "A-RELEASE"))
    return each.kind == "outcome" and each.data.get("outcome") in _ENDED


def _seconds(topic: Topic, look: Look, _: str) -> Seen:
    """The longest that an association or connection was left open, in seconds."""
    longest, by, whole = -1.0, "", True
    for scenario, observed in look.judged(topic.asks):
        for each in observed:
            after, how = each.data.get("after_s"), each.data.get("outcome")
            timed = each.kind == "outcome" and each.actor == "attacker"
            timed = timed and how in (*_ENDED, "TIMEOUT")
            if timed and isinstance(after, int | float) and after > longest:
                longest, by, whole = float(after), scenario, how != "TIMEOUT"
    if longest < 0:
        return Seen()
    words = "it was still open then" if not whole else "it ended then"
    return Seen(value=round(longest, 2), evidence=look.evidence([by]), reason=words, whole=whole)


def _only_tls(topic: Topic, look: Look, _: str) -> Seen:
    """Tell whether any acceptance came outside TLS; a "yes" needs the TLS port to refuse clear."""
    inside: list[str] = []
    for scenario, observed in look.judged(topic.asks):
        secured = {str(o.data.get("connection")) for o in observed if o.kind == "handshake"}
        for each in observed:
            if each.kind != "received" or each.data.get("what") != "A-ASSOCIATE-AC":
                continue
            if str(each.data.get("connection")) not in secured:
                words = "it accepted an association in clear"
                return Seen(value=False, evidence=look.evidence([scenario]), reason=words)
            inside.append(scenario)
    if inside and look.verdict("TLS-001") == "PASS":
        words = "every association was inside TLS, and its TLS port refused clear text"
        return Seen(value=True, evidence=look.evidence(["TLS-001", *inside]), reason=words)
    return Seen(reason="no association was made in clear, nor was the TLS port asked for one")


def _surfaces(topic: Topic, look: Look, side: str) -> Iterator[tuple[str, tls_surface.Surface]]:
    for scenario, observed in look.judged(topic.asks):
        for each in observed:
            if each.kind == tls_surface.KIND:
                surface = tls_surface.read(each)
                if surface is not None and surface.side.value == side:
                    yield scenario, surface


def _tls_versions(topic: Topic, look: Look, side: str) -> Seen:
    for scenario, surface in _surfaces(topic, look, side):
        answers = {name: answer for name, (answer, _) in surface.versions.items()}
        held = [_short(name) for name in answers if surface.speaks(name)]
        unknown = [name for name, answer in answers.items() if answer == tls_surface.UNKNOWN]
        refused = [_short(n) for n in answers if not surface.speaks(n) and n not in unknown]
        if answers:
            return Seen(
                value=held, evidence=look.evidence([scenario]), refused=tuple(refused),
                whole=not unknown, reason=f"{_did(side)} each version apart",
            )  # fmt: skip
    return Seen()


def _tls_suites(topic: Topic, look: Look, side: str) -> Seen:
    for scenario, surface in _surfaces(topic, look, side):
        names = dict.fromkeys(one.name for suites in surface.suites.values() for one in suites)
        unsure = [what for what in surface.unsure if what.startswith(("suites", "version"))]
        if names:
            return Seen(
                value=list(names), evidence=look.evidence([scenario]), whole=not unsure,
                reason=f"{_did(side)} each suite apart",
            )  # fmt: skip
    return Seen()


def _did(side: str) -> str:
    return "asked for" if side == "acceptor" else "read from its hello,"


def _short(version: str) -> str:
    return version.removeprefix("TLS ")


def _tls_profile(topic: Topic, look: Look, profile: str) -> Seen:
    """How the sides that were seen stand against a profile, claimed or not."""
    listed = look.document.get("tls_policies")
    rows = [
        row
        for row in (listed if isinstance(listed, Sequence) else ())
        if isinstance(row, Mapping) and row.get("id") == profile
    ]
    if not rows:
        return Seen()
    words = "; ".join(f"as {row.get('role')}: {row.get('verdict')}" for row in rows)
    failed = [row for row in rows if row.get("verdict") == "FAIL"]
    held = [row for row in rows if row.get("verdict") == "PASS"]
    plays = [str(row.get("play")).partition(".")[0] for row in failed or rows]
    if failed:
        rules = [f["rule"] for f in _findings(failed[0]) if f.get("verdict") == "FAIL"]
        words += f"; broken: {', '.join(map(str, rules[:6]))}" if rules else ""
        return Seen(value=False, evidence=look.evidence(plays), reason=words)
    if len(held) == len(rows):
        return Seen(value=True, evidence=look.evidence(plays), reason=words)
    return Seen(reason=words)


def _findings(row: Mapping[str, JSON]) -> list[Mapping[str, JSON]]:
    listed = row.get("findings")
    return [f for f in listed if isinstance(f, Mapping)] if isinstance(listed, Sequence) else []


_READINGS: Final[Mapping[str, Callable[[Topic, Look, str], Seen]]] = {
    "transfer-syntaxes": _transfer_syntaxes,
    "max-pdu": _announced("max_pdu"),
    "implementation-class": _announced("implementation_class"),
    "implementation-version": _announced("implementation_version"),
    "associations": _associations,
    "seconds-to-end": _seconds,
    "only-tls": _only_tls,
    "tls-versions": _tls_versions,
    "tls-suites": _tls_suites,
    "tls-profile": _tls_profile,
}

READINGS: Final = frozenset(_READINGS)
"""Names that a topic may give as its ``fact``."""
