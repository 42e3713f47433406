"""The command that the device runs for each object that it has stored."""

import subprocess
from pathlib import Path

from simulators.devices.reference.flaws import Flaws
from simulators.devices.reference.index import Instance
from simulators.devices.reference.log import Log

_PATIENT_NAME = 0x00100010
_LIMIT_S = 10.0


def run(program: Path, stored: Instance, calling: str, flaws: Flaws, log: Log) -> None:
    """Run the command with file, calling AE title, SOP Instance UID and patient's name.

    It gets them as arguments, each as it came, and no shell ever reads them. That it fails, or
    takes too long, is noted and nobody else's business: the object is stored.
    """
    name = (stored.value(_PATIENT_NAME) or b"").decode("latin-1").strip(" ")
    arguments = [stored.path, calling, stored.sop_instance.decode("latin-1"), name]
    try:
        if flaws.has("hook_through_shell"):
            line = " ".join([str(program), *arguments[:3], f'"{name}"'])
            subprocess.run(line, shell=True, check=False, timeout=_LIMIT_S)
        else:
            subprocess.run([str(program), *arguments], check=False, timeout=_LIMIT_S)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        log.event(f"hook failed: {error}")
