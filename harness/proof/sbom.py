"""The bill of materials of the tool itself (CycloneDX 1.6): what judged, down to each library.

It lists what is installed and needed, as the packages describe themselves. Hashes are known only
of packages that were installed from a named archive (PEP 610); nothing is made up for the others.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx import model
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import bom, component
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = "dicom-assay"
_LONGEST_LICENCE = 100
_LICENCES = LicenseFactory()

# The decorators of the library's model hide from type checkers what its classes take.
_Bom: Any = bom.Bom
_Component: Any = component.Component
_Hash: Any = model.HashType


def bill_of_materials(made: datetime, about: str) -> bytes:
    """The tool and everything it needs, as CycloneDX JSON.

    Args:
        made: The time that it names, so that a run always has the same bill.
        about: What makes its serial number that of one run.
    """
    parts, known = _described()
    root = known[ROOT]
    components = [one for name, one in known.items() if name != ROOT]
    made_of = _Bom(
        components=[*components, _python()],
        serial_number=uuid5(NAMESPACE_URL, f"urn:dicom-assay:bundle:{about}"),
    )
    made_of.metadata.timestamp = made
    made_of.metadata.component = root
    for name, needed in parts.items():
        below = [known[need] for need in needed if need in known]
        made_of.register_dependency(known[name], sorted(below, key=lambda one: one.name))
    return JsonV1Dot6(made_of).output_as_string(indent=1).encode()


def installed() -> dict[str, Distribution]:
    """The tool and what it needs, by normalised name, sorted."""
    found: dict[str, Distribution] = {}
    waiting = [ROOT]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # needed on other systems only, or by an extra that is not there
        waiting += needs(found[name])
    return dict(sorted(found.items()))


def needs(found: Distribution) -> list[str]:
    """Normalised names of what a distribution needs on this system, without its extras."""
    names: list[str] = []
    for line in found.requires or []:
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            continue
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            names.append(canonicalize_name(wanted.name))
    return names


@cache
def _described() -> tuple[Mapping[str, list[str]], Mapping[str, Any]]:
    """What is needed by what, and its description; read once, since nothing is installed here."""
    parts = installed()
    wanted = {name: needs(found) for name, found in parts.items()}
    return wanted, {name: _component(found) for name, found in parts.items()}


def _component(found: Distribution) -> Any:
    name, version = canonicalize_name(found.metadata["Name"]), found.version
    purl = PackageURL("pypi", None, name, version)
    return _Component(
        name=name,
        version=version,
        type=component.ComponentType.APPLICATION
        if name == ROOT
        else component.ComponentType.LIBRARY,
        bom_ref=str(purl),
        purl=purl,
        licenses=[_LICENCES.make_from_string(text) for text in _licences(found)],
        hashes=[_Hash(alg=model.HashAlgorithm.SHA_256, content=text) for text in _hashes(found)],
    )


def _python() -> Any:
    version = platform.python_version()
    return _Component(
        name=platform.python_implementation(),
        version=version,
        type=component.ComponentType.PLATFORM,
        bom_ref=f"pkg:generic/python@{version}",
        purl=PackageURL("generic", None, "python", version),
    )


def _licences(found: Distribution) -> list[str]:
    """What a package says of its licence: an SPDX expression, else a short text, else a class."""
    fields: Any = found.metadata
    for text in (fields.get("License-Expression"), fields.get("License")):
        if text and len(text) <= _LONGEST_LICENCE and "\n" not in text:
            return [str(text)]
    classes = [str(one) for one in fields.get_all("Classifier") or []]
    named = [one.rpartition(" :: ")[2] for one in classes if one.startswith("License :: ")]
    return sorted(set(named))


def _hashes(found: Distribution) -> list[str]:
    try:
        origin = json.loads(found.read_text("direct_url.json") or "{}")
    except ValueError:
        return []
    archive = origin.get("archive_info") if isinstance(origin, Mapping) else None
    hashes = archive.get("hashes") if isinstance(archive, Mapping) else None
    digest = hashes.get("sha256") if isinstance(hashes, Mapping) else None
    return [digest] if isinstance(digest, str) else []
