"""Claims confronted with what was observed: each answer of each document, and what is left unsaid.

A pure function of the record: the claims stand in its head, what was observed in its results and
plays, and what belongs to what in ``harness/catalogue/claims.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from harness import coverage
from harness.claims import topics
from harness.claims.facts import Look, Seen
from harness.claims.judging import State, opinion, seen_of, shown
from harness.claims.mds2 import questions
from harness.claims.topics import Source, Topic
from harness.model import JSON, Observation

UNSET = "unset"
_NOTHING_ASKS = "nothing that a peer on the network sees tells whether it is so"


def confronted(
    head: Mapping[str, JSON],
    document: Mapping[str, JSON],
    plays: Mapping[str, Sequence[Observation]],
) -> list[JSON]:
    """One row per claim: confirmed, contradicted, not observable, observed but not claimed.

    Args:
        head: What the record begins with; ``claims`` as :mod:`harness.claims.answers` gathers them.
        document: run.json up to its results.
        plays: Observations by play name.

    Returns:
        Rows with id, text, source, claimed, observed, state, evidence and reason: the statement's,
        then those of the MDS2 form, then the profile's, each in the order of its document.
    """
    said = head.get("claims")
    if not isinstance(said, Mapping):
        return []
    answers = [one for one in _listed(said.get("answers")) if isinstance(one, Mapping)]
    files = [one for one in _listed(said.get("files")) if isinstance(one, Mapping)]
    bench = _Bench(Look(document, plays))
    rows = [row for answer in answers if (row := bench.answered(answer)) is not None]
    rows += bench.unclaimed(answers, {str(file.get("source")) for file in files})
    ordered: list[JSON] = [
        row for source in Source for row in rows if row["source"] == source.value
    ]
    return ordered


def disproved(document: Mapping[str, JSON]) -> list[str]:
    """Claims of a document that an observed fact contradicts, where no scenario has failed for it.

    What a failed scenario contradicts is a failure already, expected or not; the profile is the
    tester's own, and what it says wrongly of the device is for the tester to mend.
    """
    results = [row for row in _listed(document.get("results")) if isinstance(row, Mapping)]
    failed = {str(row.get("id")) for row in results if row.get("verdict") == "FAIL"}
    return [
        str(row["id"])
        for row in _listed(document.get("claims"))
        if isinstance(row, Mapping)
        and row["state"] == State.CONTRADICTED.value
        and row["source"] != Source.PROFILE.value
        and not failed & {*map(str, _listed(row["evidence"]))}
    ]


class _Bench:
    """Looks at each topic once."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._seen: dict[str, Seen] = {}

    def answered(self, answer: Mapping[str, JSON]) -> dict[str, JSON] | None:
        """The row of an answer; None for one of a source that nobody knows."""
        if answer.get("source") not in [*Source]:
            return None
        source, key = Source(str(answer["source"])), str(answer.get("key"))
        topic, value = topics.by_key(source).get(key), answer.get("value")
        text = str(answer.get("text") or key)
        if topic is None:
            return _row(source, key, text, shown(value), Seen(), State.NOT_OBSERVABLE, _excuse(key))
        seen = self._of(topic)
        found = opinion(topic, value, seen, whole_list=source is not Source.PROFILE)
        return _row(source, key, text, shown(value), seen, found.state, found.reason)

    def unclaimed(
        self, answers: Sequence[Mapping[str, JSON]], given: set[str]
    ) -> Iterator[dict[str, JSON]]:
        """What was seen and stands in none of the keys of a document that was given."""
        set_keys = {(str(one.get("source")), str(one.get("key"))) for one in answers}
        sources = [one for one in Source if one.value in given] or [Source.PROFILE]
        for source in sources:
            for topic in topics.load().values():
                for key in topic.keys(source):
                    if topic.silent or (source.value, key) in set_keys:
                        continue
                    seen = self._of(topic)
                    if _is_something(seen):
                        text = questions().get(key, topic.text)
                        state, why = State.UNCLAIMED, seen.reason
                        yield _row(source, key, text, UNSET, seen, state, why)

    def _of(self, topic: Topic) -> Seen:
        if topic.id not in self._seen:
            self._seen[topic.id] = seen_of(topic, self._look)
        return self._seen[topic.id]


def _is_something(seen: Seen) -> bool:
    """Tell whether it was seen to be there: a "no" is nothing to claim, and a bound no value."""
    value = seen.value
    if isinstance(value, str):
        return not value.startswith("not ")
    return value is True or (seen.whole and value not in (None, False, []))


def _row(
    source: Source, key: str, text: str, claimed: str, seen: Seen, state: State, reason: str
) -> dict[str, JSON]:
    return {
        "id": f"{source.value}/{key}",
        "text": text,
        "source": source.value,
        "claimed": claimed or UNSET,
        "observed": shown(seen.value),
        "state": state.value,
        "evidence": list(seen.evidence),
        "reason": reason,
    }


@cache
def _excuse(key: str) -> str:
    """Why an MDS2 question without a topic cannot be observed, as the catalogue says."""
    stated = coverage.gaps().get(f"MDS2/{key}")
    return stated.reason if stated else _NOTHING_ASKS


def _listed(value: JSON) -> Sequence[JSON]:
    return value if isinstance(value, list | tuple) else ()
