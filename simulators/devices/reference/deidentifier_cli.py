"""``python -m simulators.devices.reference.deidentifier_cli FILE --out DIR``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.deidentification import OPTIONS
from simulators.devices.reference.deidentifier import deidentify_file
from simulators.devices.reference.flaws import UnknownFlawError, choose

USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """De-identify one file; return the exit code (0 done, 1 refused, 2 usage)."""
    parser = argparse.ArgumentParser(description="De-identify a file by PS3.15 E.")
    parser.add_argument("file", type=Path, help="Part 10 file")
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="where to write")
    parser.add_argument("--option", action="append", default=[], choices=OPTIONS)
    parser.add_argument("--flaw", action="append", default=[], metavar="NAME")
    try:
        arguments = parser.parse_args(argv)
        flaws = choose(arguments.flaw)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except UnknownFlawError as error:
        sys.stderr.write(f"error: {error}\n")
        return USAGE
    return deidentify_file(arguments.file, arguments.out, arguments.option, flaws)


if __name__ == "__main__":
    sys.exit(main())
