"""Oracles on what a visitor's browser shows, runs and sends.

They read ``ear`` (our function can be called in this browser), ``page`` (what was shown of an
address), ``called`` of the stranger (who came to another origin, with which credentials) and
``effect``.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.model import Finding, Observation, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen, warned
from harness.verdict import FailKind

READ, ANSWERED, KEPT_OUT = 1, 2, 3
"""What a page of another origin says that it read: the data, an answer without them, nothing."""


def shows(*names: str) -> Oracle:
    """Every page that was opened shows these texts, so that a visitor can read them."""

    def judge(record: Record) -> Finding:
        pages = list(record.of("page", "browser"))
        if not pages:
            return unseen("no page was opened")
        for page in pages:
            missing = [name for name in names if name not in _names(page, "shown")]
            if page.data.get("code") != 200:
                return failed(FailKind.WRONG_REASON, f"an honest page failed: {_told(page)}")
            if missing:
                return failed(FailKind.LOSS, f"{_told(page)} does not show {', '.join(missing)}")
        return passed(f"{len(pages)} page(s) show {', '.join(names)}")

    return NamedOracle(f"shows({', '.join(names)})", judge)


def hands_over() -> Oracle:
    """An honest document arrives whole: as a file, or as what it is."""

    def judge(record: Record) -> Finding:
        page = record.last("page", "browser")
        if page is None:
            return unseen("no document was opened")
        if page.data.get("exact") is True:
            return passed(f"{page.data.get('downloaded')} octets, each as it was stored")
        if page.data.get("exact") is False:
            words = f"{page.data.get('downloaded')} octets came, which are not the document"
            return failed(FailKind.LOSS, words)
        if page.data.get("code") == 200 and "pdf" in str(page.data.get("kind")):
            return passed(f"shown: {_told(page)}", preferred=False)
        return failed(FailKind.WRONG_REASON, f"an honest document failed: {_told(page)}")

    return NamedOracle("hands_over", judge)


def runs_nothing(*, shown: bool = False) -> Oracle:
    """No script of ours runs, and no markup of ours becomes part of a page.

    Args:
        shown: What we wrote has to be seen on some page, or nothing was shown that could run.
    """

    def judge(record: Record) -> Finding:
        pages = list(record.of("page", "browser"))
        if deaf := _deaf(record) or ("" if pages else "no page was opened"):
            return unseen(deaf)
        for page in pages:
            ran = _names(page, "ran")
            if ran:
                words = f"script of ours ran (text {', '.join(ran)}) on {_told(page)}"
                return failed(FailKind.ACCEPTED, words)
        for page in pages:
            if page.data.get("built"):
                words = f"markup of ours is part of {_told(page)}, though no script ran"
                return failed(FailKind.ACCEPTED, words)
        if late := _late(pages):
            return unseen(late)
        seen = sorted({name for page in pages for name in _names(page, "shown")})
        if shown and not seen:
            return unseen(f"nothing of ours was seen on any page: {_told(pages[-1])}")
        words = f"as text: {', '.join(seen)}" if seen else f"nothing ran: {_told(pages[-1])}"
        return passed(words)

    return NamedOracle(f"runs_nothing({'shown' if shown else ''})", judge, refusal=True)


def calls_no_stranger(*, credentials_only: bool = False) -> Oracle:
    """The visitor's browser is not made to call another origin, least of all with credentials.

    Args:
        credentials_only: A call without credentials is tolerated, and gives WARN.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("called", "stranger")
        if seen is None or not seen.data.get("ready"):
            return unseen("our listener did not hear us, so it would have heard nobody")
        calls = seen.data.get("calls")
        rows = [one for one in calls if isinstance(one, dict)] if isinstance(calls, list) else []
        for one in rows:
            if shown := one.get("credentials"):
                words = ", ".join(map(str, shown)) if isinstance(shown, list) else str(shown)
                return failed(FailKind.LEAK, f"a stranger was shown: {words}")
        if not rows:
            return passed("nobody called the stranger")
        words = f"a stranger was called {len(rows)} time(s), without credentials"
        return warned(words) if credentials_only else failed(FailKind.ACCEPTED, words)

    return NamedOracle("calls_no_stranger", judge, refusal=True)


def is_read_by_no_stranger() -> Oracle:
    """A page of another origin does not read what its visitor may read."""

    def judge(record: Record) -> Finding:
        page = record.last("page", "browser")
        ran = set(_names(page, "ran")) if page else set[str]()
        if deaf := _deaf(record) or ("" if ran else "the page of the stranger said nothing"):
            return unseen(deaf)
        if str(READ) in ran:
            return failed(FailKind.LEAK, "a page of another origin read the visitor's data")
        strict = str(KEPT_OUT) in ran
        return passed("the browser kept it from the stranger", preferred=strict)

    return NamedOracle("is_read_by_no_stranger", judge, refusal=True)


def is_framed_by_no_stranger() -> Oracle:
    """No page of another origin shows the device's page inside itself (CWE-1021)."""

    def judge(record: Record) -> Finding:
        page = record.last("page", "browser")
        if page is None or page.data.get("code") != 200:
            return unseen("the page of the stranger was not opened")
        if page.data.get("framed"):
            words = "a page of another origin shows the device's page inside itself"
            return failed(FailKind.ACCEPTED, words)
        if late := _late([page]):
            return unseen(late)
        return passed("the stranger's frame stayed without the page")

    return NamedOracle("is_framed_by_no_stranger", judge, refusal=True)


def shows_no_secret(name: str) -> Oracle:
    """A text that is not for visitors is on no page, and in no file that is handed out."""

    def judge(record: Record) -> Finding:
        pages = list(record.of("page", "browser"))
        if not pages:
            return unseen("no page was opened")
        for page in pages:
            if name in _names(page, "shown") or page.data.get("exact"):
                return failed(FailKind.LEAK, f"{name} is shown by {_told(page)}")
        if late := _late(pages):
            return unseen(late)
        return passed(_told(pages[-1]))

    return NamedOracle(f"shows_no_secret({name})", judge, refusal=True)


def _deaf(record: Record) -> str:
    """Why script of ours would not have been heard; nothing if it would."""
    ear = record.last("ear", "browser")
    return "" if ear is not None and ear.data.get("ready") else "our function was not there"


def _late(pages: Sequence[Observation]) -> str:
    """Which page had not come to rest: what was not seen on it may have come later."""
    slow = next((page for page in pages if not page.data.get("rested")), None)
    return "" if slow is None else f"the browser had not loaded all of {_told(slow)}"


def _names(page: Observation, key: str) -> list[str]:
    found = page.data.get(key)
    return [str(one) for one in found] if isinstance(found, list | tuple) else []


def _told(page: Observation) -> str:
    what, code, why = (page.data.get(key) for key in ("what", "code", "why"))
    return f"{what}: HTTP {code}{f' ({why})' if why else ''}"
