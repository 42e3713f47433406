"""The smallest real device: the reference device with one service, started by its profile."""

from __future__ import annotations

_PROFILE = """
schema = 1
[device]
manufacturer = "dicom-assay"
model = "MODEL"
[acceptor]
port = 0
ae_title = "REFERENCE"
services = ["verification"]
artim_s = ARTIM.0
[process]
start = ["{python}", "-m", "simulators.devices.reference", "scp", "--port", "{port}",
  "--storage", "{storage}", "--ae-title", "{ae_title}", "--artim", "ARTIM", "--idle", "4"]
storage = "{work}/storage"
"""


def tiny(model: str = "tiny", *, artim_s: int = 4) -> str:
    """The text of its profile."""
    return _PROFILE.replace("MODEL", model).replace("ARTIM", str(artim_s))
