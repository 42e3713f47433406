"""A de-identifier on deid (pydicom), as its user guide has it, with the rules that come with it.

``deid-deidentifier.py FILE FOLDER``; exit 0 if it was written, 1 if the library cannot.
"""

from __future__ import annotations

import sys

from deid.config import DeidRecipe
from deid.dicom import get_identifiers, replace_identifiers


def main(argv: list[str]) -> int:
    """De-identifies one file."""
    file, folder = argv
    try:
        recipe = DeidRecipe()
        found = get_identifiers([file])
        replace_identifiers(
            dicom_files=[file], deid=recipe, ids=found, save=True, output_folder=folder,
            overwrite=True, remove_private=True,
        )  # fmt: skip
    except Exception as error:
        sys.stderr.write(f"refused: {type(error).__name__}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
