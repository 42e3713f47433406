"""Oracles on the files of a storage folder: links in it, and who may read and write them."""

from __future__ import annotations

from collections.abc import Mapping

from harness.model import JSON, Finding, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind

_OTHERS = 0o007
_OTHERS_WRITE = 0o002
_OTHERS_READ = 0o004


def writes_through_no_link() -> Oracle:
    """A link that stands where an object belongs leads nothing out of the storage folder.

    Reads the last ``planted`` observation: ``beyond`` names what came, or changed, behind the link.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("planted")
        beyond = seen.data.get("beyond") if seen else None
        if seen is None or not isinstance(beyond, list | tuple):
            return unseen("no link was planted")
        words = f"a link to {seen.data.get('target')} at {seen.data.get('at')}"
        if beyond:
            names = ", ".join(str(name) for name in beyond[:5])
            return failed(FailKind.LEAK, f"written through {words}: {names}")
        return passed(f"nothing was written through {words}")

    return NamedOracle("writes_through_no_link", judge)


def opens_nothing_to_others() -> Oracle:
    """What is stored has no permission for other users that the umask withholds.

    A file that others may read, because the umask permits it (022), is a lenient pass: that is what
    the operating system was told, and patient data are better kept from other users all the same.
    A umask that lets others write proves nothing. Reads the last ``modes`` observation: ``umask``,
    and ``entries`` with ``path``, ``mode`` and ``folder``.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("modes")
        umask, entries = (seen.data.get(key) if seen else None for key in ("umask", "entries"))
        if not isinstance(umask, int) or not isinstance(entries, list | tuple) or not entries:
            return unseen("no stored file was seen, or the umask is not known")
        modes = [each for each in entries if isinstance(each, dict)]
        wide = [each for each in modes if _mode(each) & umask & _OTHERS]
        if wide:
            names = ", ".join(f"{each.get('path')} {_mode(each):04o}" for each in wide[:5])
            return failed(FailKind.LEAK, f"opened to every user beyond umask {umask:04o}: {names}")
        if not umask & _OTHERS_WRITE:
            return unseen(f"umask {umask:04o} lets others write: start the harness with another")
        open_ = [each for each in modes if _mode(each) & _OTHERS_READ and not each.get("folder")]
        words = f"{len(open_)} of {len(modes)} entries readable by every user, as the umask permits"
        return passed(words, preferred=not open_)

    return NamedOracle("opens_nothing_to_others", judge)


def _mode(entry: Mapping[str, JSON]) -> int:
    mode = entry.get("mode")
    return mode if isinstance(mode, int) else 0
