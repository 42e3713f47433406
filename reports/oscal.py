"""The OSCAL scribe: the run as assessment results (NIST OSCAL 1.2), for compliance tools.

The assessment plan is the catalogue of scenarios; it is a resource of the document, since no plan
of its own was written. All UUIDs are name-based, so that the same run gives the same octets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.model import JSON
from harness.run import Run
from harness.standing import Standing, State, standings
from reports import oscal_words as words
from reports.identity import packed
from reports.oscal_parts import findings_of, observations_of, risks_of
from reports.rows import Row, mapped, rows_of, text, texts
from reports.text import one_line, visible

_OPEN = (State.UNDECIDED, State.MANUAL)
_NAMED = 200
"""Most requirements that a remark names."""
_NOTE = (
    "Pre-certification evidence, not a certificate. No body has reviewed it; whoever certifies has "
    "to judge what it covers."
)


def render(run: Run) -> bytes:
    """The run as OSCAL assessment results, in JSON and in ASCII."""
    rows = rows_of(run)
    document: dict[str, JSON] = {
        "uuid": words.uuid_of(run, "assessment-results"),
        "metadata": _metadata(run),
        "import-ap": {"href": f"#{words.uuid_of(run, 'plan')}"},
        "results": [_result(run, rows)],
        "back-matter": {"resources": list(_resources(run))},
    }
    return packed({"assessment-results": document})


def _metadata(run: Run) -> JSON:
    version = one_line(text(mapped(run.document, "tool"), "version"), 100) or "unknown"
    return {
        "title": words.title(f"DICOM security evidence: {words.device_name(run)}"),
        "last-modified": words.ended(run),
        "version": f"dicom-assay {version}",
        "oscal-version": words.OSCAL_VERSION,
        "remarks": _NOTE,
    }


def _result(run: Run, rows: Sequence[Row]) -> JSON:
    document = run.document
    stands = standings(document)
    result: dict[str, JSON] = {
        "uuid": words.uuid_of(run, "result"),
        "title": words.title(f"Run of {text(document, 'started')}"),
        "description": f"{len(rows)} scenarios played against {words.device_name(run)}.",
        "start": words.timed(text(document, "started")),
        "props": words.props(_facts(run)),
        "links": [{"href": f"#{words.uuid_of(run, 'run')}", "rel": "reference"}],
        "local-definitions": _definitions(run),
        "reviewed-controls": _reviewed(rows, stands),
        "remarks": visible(_remarks(run, stands), 20_000),
    }
    if text(document, "finished"):
        result["end"] = words.ended(run)
    parts: Mapping[str, list[JSON]] = {
        "observations": list(observations_of(run, rows)),
        "risks": list(risks_of(run, rows)),
        "findings": list(findings_of(run, rows, stands)),
    }
    return {**result, **{name: part for name, part in parts.items() if part}}


def _facts(run: Run) -> Iterator[tuple[str, str]]:
    document = run.document
    yield "seed", text(document, "seed")
    yield "complete", text(document, "complete")
    yield "catalogue", text(mapped(document, "tool"), "catalogue")
    scheme = mapped(document, "scheme")
    if scheme:
        yield "scheme", text(scheme, "id")
        yield "level", text(scheme, "level") or "none"
        yield "level-reached", text(scheme, "reached")


def _definitions(run: Run) -> JSON:
    device, tool = mapped(run.document, "device"), mapped(run.document, "tool")
    named = ("manufacturer", "model", "version", "profile")
    status: JSON = {"state": "operational"}
    return {
        "components": [
            {
                "uuid": words.uuid_of(run, "device"),
                "type": "hardware",
                "title": words.device_name(run),
                "description": "The device under test, software included.",
                "props": words.props((key, text(device, key)) for key in named),
                "status": status,
            }
        ],
        "assessment-assets": {
            "components": [
                {
                    "uuid": words.uuid_of(run, "tool"),
                    "type": "software",
                    "title": "dicom-assay",
                    "description": "Plays hostile and honest peers against DICOM devices.",
                    "props": words.props(
                        (key, text(tool, key)) for key in ("version", "catalogue")
                    ),
                    "status": status,
                }
            ],
            "assessment-platforms": [
                {
                    "uuid": words.uuid_of(run, "platform"),
                    "title": "Where dicom-assay ran",
                    "uses-components": [{"component-uuid": words.uuid_of(run, "tool")}],
                }
            ],
        },
    }


def _reviewed(rows: Sequence[Row], stands: Mapping[str, Standing]) -> JSON:
    """The requirements that results speak of, as controls; a property gives back the id of each."""
    verified = {name for row in rows for name in row.requirements}
    decided = {name for name, one in stands.items() if one.scenarios}
    names = sorted(verified | decided)
    selection: dict[str, JSON] = {
        "description": "Requirements that results of this run speak of.",
        "include-controls": [{"control-id": words.token(name)} for name in names]
        or [{"control-id": "none"}],
    }
    identified: list[JSON] = []
    for name in names:
        identified += words.props([("requirement-id", name)], of=words.token(name))
    if identified:
        selection["props"] = identified
    return {"control-selections": [selection]}


def _remarks(run: Run, stands: Mapping[str, Standing]) -> str:
    said = [_NOTE]
    missing = texts(run.document, "not_finished")
    if missing or run.document.get("complete") is not True:
        said.append(f"The run is incomplete: {len(missing)} selected scenarios have no result.")
    for state in _OPEN:
        names = [name for name, one in stands.items() if one.state is state and one.scenarios]
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            said.append(f"Without a finding, {state.value}: {', '.join(names[:_NAMED])}{more}.")
    return "\n\n".join(said)


def _resources(run: Run) -> Iterator[JSON]:
    catalogue = text(mapped(run.document, "tool"), "catalogue")
    yield {
        "uuid": words.uuid_of(run, "plan"),
        "title": "Assessment plan: the catalogue of scenarios",
        "description": "Which scenarios were selected stands at the beginning of the record.",
        "props": words.props([("catalogue", catalogue)]),
        "rlinks": [{"href": "./record.jsonl", "media-type": "application/jsonl"}],
    }
    yield {
        "uuid": words.uuid_of(run, "run"),
        "title": "The run",
        "description": "All results, by the schema dicom-assay/run/1.",
        "rlinks": [{"href": "./run.json", "media-type": "application/json"}],
    }
