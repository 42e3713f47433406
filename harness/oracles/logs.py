"""Oracles on what text of a peer becomes in the device's log.

They read ``log`` observations: ``prefixed`` counts lines that begin with our marker behind a prefix
that the logger puts before every line ("I: "), and ``marked`` are the places where our marker
stands, with a few octets before it and more after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.model import Finding, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind

_MARKER = re.compile(r"FORGED\d{8}")
_FORMATTED = re.compile(r"\(nil\)|[0-9a-fA-F]")
"""What stands in place of ``%x``, the first directive behind every marker."""
_UNSEEN = "the log was not observed: let the harness start the device ([process])"
_SHOWN = 40


def log_is_literal() -> Oracle:
    """Format directives behind our marker stand in the log as they were sent (CWE-134).

    Escaped ones are as good. A log that shows none of it is a lenient pass: then the sentinel alone
    tells whether the device came to harm.
    """

    def judge(record: Record) -> Finding:
        if record.last("log") is None:
            return unseen(_UNSEEN)
        places = list(_places(record))
        for before, mark, after in places:
            if _FORMATTED.match(after):
                words = repr(f"{before}{mark}{after}"[-_SHOWN:])
                return failed(FailKind.LEAK, f"the log was formatted by the peer: {words}")
        if not places:
            return passed("the log shows nothing of it", preferred=False)
        return passed(f"literal at {len(places)} place(s) of the log")

    return NamedOracle("log_is_literal", judge)


def log_lines_are_its_own() -> Oracle:
    """No line of the log begins with our marker behind the prefix of a line that is the device's.

    Such a line is a forgery as good as one without: it cannot be told from the device's own.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("log")
        count = seen.data.get("prefixed") if seen else None
        if not isinstance(count, int):
            return unseen(_UNSEEN)
        if count:
            return failed(FailKind.LEAK, f"{count} line(s) of the log were begun by the peer")
        return passed("the peer began no line of the log")

    return NamedOracle("log_lines_are_its_own", judge)


def log_escapes_controls() -> Oracle:
    """A terminal sequence before our marker does not reach the log as it is; otherwise WARN.

    It harms only who reads the log on a terminal: unlike a forged line, which is no one's word.
    """

    def judge(record: Record) -> Finding:
        if record.last("log") is None:
            return unseen(_UNSEEN)
        places = list(_places(record))
        if any(before.endswith("\x1b[7m") for before, _, _ in places):
            return warned("a terminal sequence of the peer stands in the device's log")
        return passed(f"our text stands at {len(places)} place(s) of the log")

    return NamedOracle("log_escapes_controls", judge)


def _places(record: Record) -> Iterator[tuple[str, str, str]]:
    for seen in record.of("log"):
        marked = seen.data.get("marked")
        for text in marked if isinstance(marked, list | tuple) else ():
            found = _MARKER.search(str(text))
            if found is not None:
                yield str(text)[: found.start()], found.group(), str(text)[found.end() :]
