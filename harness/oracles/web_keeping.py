"""Oracles on what a web server makes of the objects that it is left: kept exactly, or refused.

They read the ``outcome`` of a store request, and of what was acknowledged one ``kept``: ``came``
(files that a retrieve brought; None for no answer), ``code`` of that answer, ``same`` (the octets
came as they were sent), ``lost`` (tags that were owed), ``patients`` (who may be shown for it),
``listed`` (who a search shows) and ``returned`` (who stands in what came).
"""

from __future__ import annotations

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, outcomes_of, passed, told, unseen, warned
from harness.oracles.outcomes import REFUSALS
from harness.oracles.web_answers import fields_of, is_success
from harness.verdict import FailKind, Outcome

_UNAVAILABLE = (501, 503, 507)


def keeps_or_refuses(*, malformed: bool = True) -> Oracle:
    """What is listed as stored is given back as it was; everything else is refused.

    Args:
        malformed: Refusing it is the strict pass, and keeping it as it is a lenient one.
    """

    def judge(record: Record) -> Finding:
        seen = outcomes_of(record, "attacker")
        if not seen:
            return unseen("no answer was witnessed")
        outcome, one = seen[0]
        words = told(outcome, one)
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither answered nor ended: {words}")
        kept = record.last("kept", "polite")
        if kept is None:
            return _refusal(outcome, one)
        found = _of_kept(kept)
        if found is not None:
            return found
        same = bool(kept.data.get("same"))
        how = "value for value" if same else "mended, with all that it owes"
        return passed(f"stored, and comes back {how}", preferred=same and not malformed)

    return NamedOracle(f"keeps_or_refuses({'malformed' if malformed else 'odd'})", judge)


def stores_what_is_compressed(fact: str = "web_gzip") -> Oracle:
    """A small compressed store request is stored; or refused, unless the profile claims it.

    Reads ``listed`` (how many objects the answer lists as stored) and ``effect`` (``changed`` where
    a search does not find the object). What is right is to be stored, or 415 (RFC 9110 15.5.16).
    """

    def judge(record: Record) -> Finding:
        seen, effect = outcomes_of(record, "attacker"), record.last("effect", "polite")
        if not seen or effect is None:
            return unseen("no answer was witnessed, or nobody looked for the object")
        outcome, one = seen[-1]
        words = told(outcome, one)
        if outcome is Outcome.TIMEOUT:
            return failed(FailKind.HANG, f"neither answered nor ended: {words}")
        there, listed = not effect.data.get("changed"), record.last("listed", "polite")
        if there and is_success(one):
            return passed(f"stored: {words}", outcome=outcome)
        if there:
            return failed(FailKind.ACCEPTED, f"refused, and stored all the same: {words}")
        if is_success(one) and listed is not None and listed.data.get("count"):
            return failed(FailKind.LOSS, f"acknowledged, and not stored: {words}")
        if record.facts.get(fact) is True:
            return failed(FailKind.WRONG_REASON, f"not stored, though claimed: {words}")
        if is_success(one):
            return warned(f"answered with success, and nothing was stored: {words}")
        return _uncoded(outcome, one)

    return NamedOracle("stores_what_is_compressed", judge, refusal=True)


def _uncoded(outcome: Outcome, one: Observation) -> Finding:
    """What is to be said of a refusal of compressed content."""
    code, words = one.data.get("code"), told(outcome, one)
    if isinstance(code, int) and code >= 500 and code not in _UNAVAILABLE:
        return warned(f"refused by an error of its own: {words}", outcome=outcome)
    return passed(f"refused: {words}", preferred=code == 415, outcome=outcome)


def serves_as_objects() -> Oracle:
    """Every answer that holds an object says that it is DICOM; a refusal is as good."""

    def judge(record: Record) -> Finding:
        asked = outcomes_of(record, "attacker")[1:]
        for outcome, one in asked:
            kind = fields_of(one).get("content-type", "").lower()
            if is_success(one) and "application/dicom" not in kind:
                words = f"an object is served as {kind or 'nothing'}: {told(outcome, one)}"
                return failed(FailKind.WRONG_REASON, words)
        if not asked:
            return (
                passed("the file was not taken")
                if outcomes_of(record, "attacker")
                else unseen("no answer was witnessed")
            )
        return passed(f"{len(asked)} answer(s) say that it is DICOM", outcome=Outcome.RESPONDED)

    return NamedOracle("serves_as_objects", judge)


def _refusal(outcome: Outcome, one: Observation) -> Finding:
    words, code = told(outcome, one), one.data.get("code")
    if outcome in REFUSALS:
        return passed(f"ended without an answer: {words}", preferred=False, outcome=outcome)
    if outcome is not Outcome.RESPONDED or not isinstance(code, int):
        return failed(FailKind.WRONG_REASON, f"no HTTP: {words}", outcome=outcome)
    if is_success(one):
        words = f"answered with success, but lists nothing as stored: {words}"
        return passed(words, preferred=False, outcome=outcome)
    if code >= 500 and code not in _UNAVAILABLE:
        return warned(f"refused by an error of its own: {words}", outcome=outcome)
    return passed(f"refused: {words}", outcome=outcome)


def _of_kept(kept: Observation) -> Finding | None:
    """A finding where what was acknowledged is gone, or is another's."""
    came, lost = kept.data.get("came"), _texts(kept, "lost")
    permitted = _texts(kept, "patients")
    if came is None:
        return failed(FailKind.HANG, "acknowledged, and the retrieve of it is not answered")
    if not came:
        words = f"acknowledged, and not given back (HTTP {kept.data.get('code')})"
        return failed(FailKind.LOSS, words)
    if wrong := [each for each in _texts(kept, "listed") if each not in permitted]:
        return failed(FailKind.LOSS, f"a search shows {wrong[0]!r}, which is not {permitted[0]!r}")
    if kept.data.get("same"):
        return None
    if lost:
        return failed(FailKind.LOSS, f"acknowledged, and comes back without {', '.join(lost)}")
    listed, returned = _texts(kept, "listed"), _texts(kept, "returned")
    if wrong := [each for each in returned if each not in permitted]:
        return failed(FailKind.LOSS, f"what comes back bears {wrong[0]!r}, not {permitted[0]!r}")
    if apart := [each for each in listed if each and returned and each not in returned]:
        words = f"a search shows {apart[0]!r}, and what comes back bears {returned[0]!r}"
        return failed(FailKind.LOSS, words)
    return None


def _texts(seen: Observation, key: str) -> list[str]:
    """Texts as a person sees them: who shows no control signs shows no other patient."""
    value = seen.data.get(key)
    every = map(str, value) if isinstance(value, list | tuple) else ()
    return ["".join(letter for letter in each if letter.isprintable()) for each in every]
