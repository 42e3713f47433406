"""The audit trail of one play: what was done, which messages came of it, and what they say.

The truth is ours: ``expected`` observations say what we did, by whom and to whose objects, and
``audited`` observations hold the messages that name something of it. Nothing else is kept: other
messages of a device in service are about other people.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Final

from harness.model import JSON
from harness.stage import Stage
from simulators.audit import markup, syslog
from simulators.audit.repository import Received, Repository

ACTOR: Final = "repository"
_MOST_KEPT: Final = 64


class Trail:
    """Follows what the device reports from now on; only a play that runs alone can tell whose.

    Args:
        stage: The play.

    Attributes:
        repository: Where the reports come.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.repository = repository_of(stage)
        self._mark = self.repository.mark
        self._expected: list[dict[str, JSON]] = []

    def expect(
        self,
        what: str,
        code: str,
        *keys: str,
        failed: bool | None = None,
        kind: str = "",
        **truth: JSON,
    ) -> None:
        """Notes what was done and must be reported.

        Args:
            what: In words.
            code: Which event it is (PS3.16 CID 400).
            keys: What a message about it names, one of them at least; none: every message of that
                kind will do.
            failed: Whether the outcome must be a failure; None where either is right.
            kind: Code of the type of the event (PS3.16 CID 401), where it has one.
            truth: Who and what else it was: ``caller``, ``patient``, ``study``, ``address``.
        """
        names: list[JSON] = [*keys]
        told: dict[str, JSON] = {"what": what, "code": code, "keys": names, "kind": kind}
        told |= {"failed": failed, **truth}
        self._expected.append(told)
        self._stage.observe("expected", "attacker", **told)

    def conclude(self) -> None:
        """Waits for a message about each thing that was done, and witnesses what came."""
        section = self._stage.profile.audit
        until = time.monotonic() + (section.wait_s if section else 0.0)
        found = self._read()
        while not self._stage.cancelled.is_set() and not self._complete(found):
            if not self.repository.wait(until):
                break
            found = self._read()
        for number, one in enumerate(self._read()[:_MOST_KEPT]):
            self._stage.observe("audited", ACTOR, **{**one, "number": number})

    def holds(self, word: bytes) -> int:
        """In how many messages that came a secret stands."""
        came = self.repository.since(self._mark)
        return sum(1 for one in came if word in one.octets or _within(word, one))

    def _read(self) -> list[dict[str, JSON]]:
        """The messages that name something of what was done."""
        keys = sorted({str(key) for one in self._expected for key in _keys(one)})
        codes = {str(one["code"]) for one in self._expected if not _keys(one)}
        came = (told(self._stage, one, keys) for one in self.repository.since(self._mark))
        return [one for one in came if one["names"] or _code(one) in codes]

    def _complete(self, found: Sequence[dict[str, JSON]]) -> bool:
        return all(any(answers(one, wanted) for one in found) for wanted in self._expected)


def repository_of(stage: Stage) -> Repository:
    """The repository of the bench.

    Raises:
        PreconditionUnmetError: The profile has no audit trail.
    """
    found = getattr(stage.bench, "repository", None)
    stage.require(isinstance(found, Repository), "the profile has no [audit] section")
    assert isinstance(found, Repository)
    return found


def answers(message: dict[str, JSON], wanted: dict[str, JSON]) -> bool:
    """True where a message is about what was done, and says whether it succeeded."""
    event = message.get("event")
    if not isinstance(event, dict) or _code(message) != wanted["code"]:
        return False
    named = message["names"]
    assert isinstance(named, list)
    keys = _keys(wanted)
    failed = wanted["failed"]
    right = failed is None or (event["outcome"] != "0") == failed
    types = event["types"]
    assert isinstance(types, list)
    kinds = [one["code"] for one in types if isinstance(one, dict)]
    right = right and (not wanted["kind"] or wanted["kind"] in kinds)
    return right and (not keys or any(key in named for key in keys))


def told(stage: Stage, one: Received, keys: Iterable[str]) -> dict[str, JSON]:
    """A message as it stands in the record, with those of the keys that it names."""
    octets = stage.masked(one.octets)
    head = syslog.parsed(octets)
    data: dict[str, JSON] = {
        "secure": one.secure,
        "shown": one.shown,
        "sender": one.sender,
        "octets": len(octets),
        "after_s": round(one.at - stage.began, 4),
        "header": {
            "problem": head.problem,
            "priority": head.priority,
            "time": head.timestamp,
            "application": head.application,
            "name": head.name,
            "structured": head.structured,
        },
    }
    texts = [octets]
    try:
        root = markup.read(head.message)
        data |= {"problem": "", **markup.values(root)}
        texts = markup.texts(root)
    except markup.RefusedError as error:
        data |= {"problem": str(error)[:200]}
    data["names"] = [key for key in keys if any(key.encode() in text for text in texts)]
    return data


def _within(word: bytes, one: Received) -> bool:
    try:
        return any(word in text for text in markup.texts(markup.read(_body(one))))
    except markup.RefusedError:
        return False


def _body(one: Received) -> bytes:
    return syslog.parsed(one.octets).message


def _keys(wanted: dict[str, JSON]) -> list[JSON]:
    keys = wanted["keys"]
    assert isinstance(keys, list)
    return keys


def _code(message: dict[str, JSON]) -> str:
    event = message.get("event")
    return str(event["code"]) if isinstance(event, dict) else ""
