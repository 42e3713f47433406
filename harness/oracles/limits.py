"""Oracles on what an exchange cost the device: memory, processor time, files, log, other peers."""

from __future__ import annotations

from harness.model import Finding, Oracle, Record
from harness.oracles.base import NamedOracle, failed, passed, unseen
from harness.verdict import FailKind

MIB = 2**20


def peak_memory_below(mib: float) -> Oracle:
    """*Peak* memory growth of the device with its children stays below a bound.

    Reads ``memory`` observations with ``growth_bytes``; current memory is not enough, because an
    allocation that is given back at once would go unseen. A device that runs all the time and the
    command that makes it call are watched apart: the larger growth counts.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("memory"))
        if not seen:
            return unseen("memory was not observed: let the harness start the device ([process])")
        grown = [each.data.get("growth_bytes") for each in seen]
        growth = max((each for each in grown if isinstance(each, int | float)), default=None)
        if growth is None:
            return unseen("memory was not measurable")
        words = f"peak memory grew by {growth / MIB:.1f} MiB (bound {mib:g} MiB)"
        return passed(words) if growth < mib * MIB else failed(FailKind.RESOURCE, words)

    return NamedOracle(f"peak_memory_below({mib:g} MiB)", judge)


def cpu_below(share: float) -> Oracle:
    """Processor use of the device during the watched window stays below a share of one core."""

    def judge(record: Record) -> Finding:
        seen = record.last("cpu")
        used = seen.data.get("share") if seen else None
        if not isinstance(used, int | float):
            return unseen("processor use was not observed: let the harness start the device")
        words = f"used {used:.0%} of one core (bound {share:.0%})"
        return passed(words) if used < share else failed(FailKind.RESOURCE, words)

    return NamedOracle(f"cpu_below({share:.0%})", judge)


def busy_at_most(seconds: float) -> Oracle:
    """The play costs the device at most so much processor time, where that was observed.

    Evidence beside another oracle, which alone judges a device that the harness did not start.
    Reads a ``cpu`` observation with ``share`` and ``window_s``.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("cpu")
        share, window_s = (seen.data.get(name) if seen else None for name in ("share", "window_s"))
        if not isinstance(share, int | float) or not isinstance(window_s, int | float):
            return passed("processor time was not observed")
        words = f"{share * window_s:.1f} s of processor time (bound {seconds:g} s)"
        if share * window_s <= seconds:
            return passed(words)
        return failed(FailKind.RESOURCE, words)

    return NamedOracle(f"busy_at_most({seconds:g} s)", judge)


def no_file_outside() -> Oracle:
    """Nothing is created, changed or deleted outside the declared storage folder.

    Reads ``files`` observations with ``outside``: relative paths of what changed elsewhere.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("files"))
        if not seen:
            return unseen("the file system was not observed: let the harness start the device")
        outside: list[str] = []
        for observation in seen:
            paths = observation.data.get("outside")
            outside += [str(path) for path in paths] if isinstance(paths, list | tuple) else []
        if outside:
            shown = ", ".join(outside[:5])
            return failed(FailKind.LEAK, f"files outside the storage folder: {shown}")
        return passed("no file outside the storage folder")

    return NamedOracle("no_file_outside", judge)


def log_stays_whole() -> Oracle:
    """No line of the device's log begins with our marker: control characters were escaped.

    Reads ``log`` observations with ``forged``: how many lines begin with the play's marker.
    """

    def judge(record: Record) -> Finding:
        seen = list(record.of("log"))
        if not seen:
            return unseen("the log was not observed: let the harness start the device ([process])")
        forged = sum(int(str(observation.data.get("forged", 0))) for observation in seen)
        if forged:
            return failed(FailKind.LEAK, f"{forged} forged line(s) in the device's log")
        return passed("the log has no forged line")

    return NamedOracle("log_stays_whole", judge)


def log_lines_below(bound: int) -> Oracle:
    """The device writes at most so many log lines for the stimulus: no log flood."""

    def judge(record: Record) -> Finding:
        seen = record.last("log")
        if seen is None:
            return unseen("the log was not observed: let the harness start the device ([process])")
        lines = int(str(seen.data.get("lines", 0)))
        words = f"{lines} log lines (bound {bound})"
        return passed(words) if lines <= bound else failed(FailKind.RESOURCE, words)

    return NamedOracle(f"log_lines_below({bound})", judge)


def serves_others(within_s: float) -> Oracle:
    """A polite peer is served during the attack, or at the latest when its timer has freed slots.

    Reads ``served`` observations of the "polite" actor: ``ok``, ``after_s``, ``recovered_s``
    (seconds until service was regained, or None), ``refused_transiently``.
    """

    def judge(record: Record) -> Finding:
        seen = record.last("served", "polite")
        if seen is None:
            return unseen("no polite peer tried")
        after = seen.data.get("after_s")
        if seen.data.get("ok") and isinstance(after, int | float) and after <= within_s:
            return passed(f"a polite peer was served after {after:.2f} s")
        regained = seen.data.get("recovered_s")
        limit = record.number("artim_s", 30.0) + 5.0
        if isinstance(regained, int | float) and regained <= limit:
            words = f"service regained after {regained:.1f} s (limit {limit:g} s)"
            if seen.data.get("refused_transiently"):
                return passed(f"refused transiently meanwhile; {words}", preferred=False)
            return passed(words, preferred=False)
        if isinstance(regained, int | float):
            words = f"a polite peer was served only after {regained:.1f} s (limit {limit:g} s)"
            return failed(FailKind.HANG, words)
        return failed(FailKind.HANG, f"a polite peer was not served: {seen.data.get('detail')}")

    return NamedOracle(f"serves_others({within_s:g} s)", judge)
