"""What each flaw of archives, pictures and exports does with which specimen."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.specimens import Shelf
from simulators.corpus import archives, drawings, exports


@dataclass(frozen=True, slots=True)
class Misdeed:
    """A specimen, and the key of the observation that tells the flaw from the sound device.

    Attributes:
        shelf: Where the specimen stands.
        case: Its name there.
        shows: A key of ``reading`` or ``exported``, or "picture" or "samples".
        sealed: Whether the medium is encrypted.
    """

    shelf: Shelf
    case: str
    shows: str
    sealed: bool = False


MEDIA_PROBES: Mapping[str, Misdeed] = {
    "read_unpacks_by_name": Misdeed(archives.CLIMBING, "one-up", "outside"),
    "read_follows_archived_links": Misdeed(archives.LINKS, "to-a-file-above", "baited"),
    "read_unpacks_without_limit": Misdeed(archives.SWELLING, "40-of-16-mebibytes", "growth"),
    "read_unpacks_archives_in_archives": Misdeed(archives.NESTED, "tree-of-4096", "growth"),
    "read_crashes_on_archives": Misdeed(archives.BROKEN, "encrypted", "crash"),
    "read_shows_memory": Misdeed(drawings.UNFILLED, "half", "picture"),
    "read_draws_without_limit": Misdeed(drawings.ENDLESS, "65534-x-65534", "drawn"),
    "read_takes_one_fragment": Misdeed(drawings.LEGAL_JPEG, "jpeg-two-fragments", "samples"),
    "export_forgets_a_record": Misdeed(exports.EXPORTS, "two-images", "unlisted"),
    "export_leaves_logs": Misdeed(exports.MORE_THAN_IMAGES, "notes-and-previews", "extra"),
    "export_names_files_after_patients": Misdeed(
        exports.NAMED_BY_PATHS, "patient-three-up", "outside"
    ),
    "export_lists_what_it_lacks": Misdeed(exports.SPOILED, "cut", "untrue"),
    "export_keeps_preambles": Misdeed(exports.PREAMBLED, "script", "preambles"),
    "export_leaves_the_directory_open": Misdeed(
        exports.EXPORTS, "two-images", "plain", sealed=True
    ),
}
"""By flaw."""
