"""Small pieces of OSCAL: tokens, titles, times, properties and references.

OSCAL is strict about text: a title is one line, the value of a property neither begins nor ends
with a blank, a token is a name of XML without a colon, and a list is not empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from harness.model import JSON
from harness.run import Run
from reports.identity import digest, named_uuid, run_words
from reports.page.finding import inner_link
from reports.rows import Row, mapped, mappings, text
from reports.text import one_line

OSCAL_VERSION = "1.2.1"
NAMESPACE = "urn:dicom-assay"
"""Of our properties (metaschema: a property without a namespace is NIST's)."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9.\-/]{0,99}")
_NEVER = "1970-01-01T00:00:00+00:00"


def token(identifier: str) -> str:
    """An id as an OSCAL token; two ids never share one, and ``requirement-id`` tells which it is.

    ``PS3.8/9.1.5`` becomes ``PS3.8_9.1.5``: no id that is kept has an underscore of its own.
    """
    if _PLAIN.fullmatch(identifier):
        return identifier.replace("/", "_")
    return f"x_{digest(identifier)[:32]}"


def title(words: str, otherwise: str = "without a title") -> str:
    """One line that is not empty."""
    return one_line(words, 500) or otherwise


def props(pairs: Iterable[tuple[str, str]], of: str = "") -> list[JSON]:
    """Properties of ours; those without a value are left out, ``of`` is their class."""
    found: list[JSON] = []
    for name, value in pairs:
        shown = one_line(value, 500)
        if shown:
            one: dict[str, JSON] = {"name": name, "ns": NAMESPACE, "value": shown}
            found.append({**one, "class": of} if of else one)
    return found


def timed(stamp: str) -> str:
    """A time with its offset; 1970 for what is no time."""
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return _NEVER
    return at.replace(tzinfo=at.tzinfo or UTC).isoformat()


def ended(run: Run) -> str:
    """When the run ended, or began if it has no end."""
    return timed(text(run.document, "finished") or text(run.document, "started"))


def evidence_of(row: Row, most: int = 50) -> Iterator[JSON]:
    """References to the evidence in the run folder."""
    links = [link for link in map(inner_link, row.evidence) if link.href]
    for link in links[:most]:
        yield {"href": link.href, "description": f"Evidence {title(link.text)}"}
    if len(links) > most:
        words = f"{len(links) - most} more files of evidence, named in run.json."
        yield {"href": "./run.json", "description": words}


def subject(run: Run) -> list[JSON]:
    """The device, as the subject of an observation."""
    return [{"subject-uuid": uuid_of(run, "device"), "type": "component"}]


def origin(run: Run) -> list[JSON]:
    """The tool, as the origin of an observation."""
    return [{"actors": [{"type": "tool", "actor-uuid": uuid_of(run, "tool")}]}]


def uuid_of(run: Run, *words: str) -> str:
    """The UUID of a part of this run's document."""
    return named_uuid("oscal", *run_words(run), *words)


def waivers_of(run: Run) -> Mapping[str, Mapping[str, JSON]]:
    """Waivers that hold, by scenario."""
    waivers = mappings(run.document, "waivers")
    return {text(item, "scenario"): item for item in waivers if item.get("state") == "met"}


def device_name(run: Run) -> str:
    """Manufacturer, model and version."""
    device = mapped(run.document, "device")
    words = " ".join(text(device, key) for key in ("manufacturer", "model", "version"))
    return title(words, "the device")
