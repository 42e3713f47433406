"""The shadowing guard: the four top-level packages must be ours and nobody else's.

Their names are common words, so another distribution, or a folder on the path, could own one.
"""

from __future__ import annotations

from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

from harness.errors import HarnessError

PACKAGES = ("harness", "scenarios", "simulators", "reports")


def refuse_shadowed_packages() -> None:
    """Checks that all four packages lie side by side and that nobody else ships one.

    Raises:
        HarnessError: One line that names the package, and who owns it.
    """
    home = Path(__file__).resolve().parent.parent
    for name in PACKAGES:
        spec = find_spec(name)
        where = Path(spec.origin).resolve().parent if spec and spec.origin else None
        if where is None or where.parent != home:
            raise HarnessError(
                f"the package '{name}' is shadowed by {where or 'nothing'}: it belongs to "
                f"dicom-assay in {home}; use a virtual environment of its own"
            )
    for owner in _foreign_owners():
        raise HarnessError(owner)


def _foreign_owners() -> list[str]:
    """Other installed distributions that ship a package of one of our names."""
    found: list[str] = []
    for other in distributions():
        name = other.metadata["Name"] or ""
        if name.lower().replace("_", "-") == "dicom-assay":
            continue
        shipped = {line.strip() for line in (other.read_text("top_level.txt") or "").splitlines()}
        shared = sorted(shipped & set(PACKAGES))
        if shared:
            found.append(
                f"the distribution '{name}' also installs a package '{shared[0]}': uninstall it, "
                "or use a virtual environment of its own"
            )
    return found
