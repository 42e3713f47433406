"""Oracles on a device that writes interchange media: what lies on them, and who can read it.

All read ``exported`` observations: ``outcome``, ``detail``, ``files`` and ``directory``, and under
each of the other keys the names of the files that something is wrong with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind, Outcome

_Look = Callable[[Observation], Finding]


def exports() -> Oracle:
    """Honest files are on the medium, as they were, and its directory names them."""

    def look(seen: Observation) -> Finding:
        if seen.data.get("outcome") != Outcome.RESPONDED.value:
            return failed(FailKind.WRONG_REASON, f"honest files were not exported: {_words(seen)}")
        if hidden := _named(seen, "unopened"):
            return unseen(f"what is encrypted could not be opened: {hidden}")
        if lost := _named(seen, "lost"):
            return failed(FailKind.WRONG_REASON, f"files that are not on the medium: {lost}")
        if not seen.data.get("directory"):
            return failed(FailKind.WRONG_REASON, "the medium has no DICOMDIR that can be read")
        return passed(f"{seen.data.get('files')} files; {_words(seen)}", outcome=Outcome.RESPONDED)

    return _each("exports", look)


def directory_tells_the_truth() -> Oracle:
    """Each record has its file, each object its record, and both say the same."""

    def look(seen: Observation) -> Finding:
        for key, words in (
            ("missing", "the directory names files that are not there, or no objects"),
            ("untrue", "the directory says otherwise than the file"),
            ("unread", "another library cannot read what is on the medium"),
        ):
            if wrong := _named(seen, key):
                return failed(FailKind.LEAK, f"{words}: {wrong}")
        if not seen.data.get("directory"):
            return _without(seen)
        if wrong := _named(seen, "unlisted"):
            return failed(FailKind.LEAK, f"honest files that the directory lacks: {wrong}")
        if wrong := _named(seen, "leftover"):
            return warned(f"objects beside those that the directory names: {wrong}")
        if wrong := _named(seen, "unfit"):
            return warned(f"File IDs that PS3.10 8.2 does not permit: {wrong}")
        return passed("each record has its file, and each object its record")

    return _each("directory_tells_the_truth", look)


def spares_the_others() -> Oracle:
    """What is wrong with one file costs no other one its place without a word."""

    def look(seen: Observation) -> Finding:
        lost = _named(seen, "lost")
        if not lost:
            return passed(f"all honest files are on the medium; {_words(seen)}")
        if seen.data.get("outcome") == Outcome.RESPONDED.value:
            return failed(FailKind.ACCEPTED, f"said to be done, without honest files: {lost}")
        if seen.data.get("outcome") == Outcome.REJECTED.value:
            return warned(f"one file keeps all others off the medium, and it says so: {lost}")
        return failed(FailKind.WRONG_REASON, f"ended without honest files: {lost}; {_words(seen)}")

    return _each("spares_the_others", look)


def holds_only_what_was_asked() -> Oracle:
    """No log, preview, name or object tells more than the images that were asked for."""

    def look(seen: Observation) -> Finding:
        for key, words in (
            ("foreign", "objects that nobody asked for"),
            ("extra", "files that are no objects name the patient"),
            ("telling", "names of files name the patient"),
        ):
            if wrong := _named(seen, key):
                return failed(FailKind.LEAK, f"{words}: {wrong}")
        if not seen.data.get("files"):
            return unseen(f"there is nothing on the medium; {_words(seen)}")
        return passed(f"{seen.data.get('files')} files, none of which tells more than it has to")

    return _each("holds_only_what_was_asked", look)


def neutralises_preambles() -> Oracle:
    """No file on the medium begins with what others wrote before its prefix."""

    def look(seen: Observation) -> Finding:
        if wrong := _named(seen, "preambles"):
            return failed(FailKind.ACCEPTED, f"preambles that are neither zero nor TIFF: {wrong}")
        if not seen.data.get("files"):
            return _without(seen)
        return passed("every preamble is zero, or the head of a TIFF file")

    return _each("neutralises_preambles", look)


def conceals_everything() -> Oracle:
    """Every file is a secure DICOM file for its recipient, and no octet of it names the patient."""

    def look(seen: Observation) -> Finding:
        for key, words in (
            ("plain", "octets that name the patient lie open"),
            ("unsealed", "not encrypted"),
            ("unopened", "its recipient cannot open it, or what is inside is no file"),
        ):
            if wrong := _named(seen, key):
                return failed(FailKind.LEAK, f"{words}: {wrong}")
        if not seen.data.get("files"):
            return unseen(f"there is nothing on the medium; {_words(seen)}")
        for key, words in (
            ("weak", "ciphers other than AES"),
            ("unproven", "neither a digest nor a signature is inside"),
        ):
            if wrong := _named(seen, key):
                return warned(f"{words}: {wrong}")
        return passed(f"{seen.data.get('files')} files, all of them sealed for their recipient")

    return _each("conceals_everything", look)


def _each(name: str, look: _Look) -> Oracle:
    """The worst finding on the media that matter: those of lies, or all of an honest play."""

    def judge(record: Record) -> Finding:
        seen = list(record.of("exported"))
        lies = [one for one in seen if one.data.get("lie")] or seen
        if not lies:
            return unseen("no medium was written")
        found = [look(one) for one in lies]
        return max(found, key=lambda one: (one.verdict, not one.preferred))

    return NamedOracle(name, judge)


def _without(seen: Observation) -> Finding:
    """A medium without a directory: none was made, or it is said to be complete without one."""
    if seen.data.get("outcome") == Outcome.RESPONDED.value:
        return failed(FailKind.WRONG_REASON, f"said to be done, without a DICOMDIR; {_words(seen)}")
    return passed(f"no medium was made; {_words(seen)}")


def _named(seen: Observation, key: str) -> str:
    names = seen.data.get(key)
    return ", ".join(map(str, names)) if isinstance(names, Sequence) and names else ""


def _words(seen: Observation) -> str:
    return str(seen.data.get("detail"))
