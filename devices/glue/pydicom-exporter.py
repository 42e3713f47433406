"""An exporter on pydicom, as its user guide has it: the files of a folder become a file-set.

``pydicom-exporter.py FOLDER OUT``; exit 0 if every file is on the medium, 1 if one was left out.
What the library raises for a file is its way to refuse it; running out of stack or memory is not.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pydicom.fileset import FileSet


def main(argv: list[str]) -> int:
    """Adds each file that can be added, and writes the file-set."""
    folder, out = Path(argv[0]), Path(argv[1])
    medium, left_out = FileSet(), 0
    for path in sorted(folder.iterdir()):
        try:
            medium.add(path)
        except (RecursionError, MemoryError):
            raise
        except Exception as error:
            left_out += 1
            sys.stderr.write(f"left out: {type(error).__name__}: {str(error)[:200]!r}\n")
    try:
        medium.write(out)
    except (RecursionError, MemoryError):
        raise
    except Exception as error:
        sys.stderr.write(f"refused: {type(error).__name__}: {str(error)[:200]!r}\n")
        return 1
    return 1 if left_out else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
