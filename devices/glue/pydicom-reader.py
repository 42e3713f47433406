"""A reader on pydicom, as its user guide has it: a file, or all files of a file-set.

``pydicom-reader.py FILE``; exit 0 if it was read, 1 if pydicom says that it cannot be. What the
library raises for malformed files is its way to refuse them; running out of stack or memory is not.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pydicom import dcmread
from pydicom.fileset import FileSet


def main(argv: list[str]) -> int:
    """Reads one file, each value of it."""
    path = Path(argv[0])
    try:
        if path.name == "DICOMDIR":
            for instance in FileSet(path):
                sys.stdout.write(f"{str(instance.load())!r}\n")
        else:
            # Values are converted when they are asked for.
            sys.stdout.write(f"{str(dcmread(path))!r}\n")
    except (RecursionError, MemoryError):
        raise
    except Exception as error:
        sys.stderr.write(f"refused: {type(error).__name__}: {str(error)[:200]!r}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
