"""What each flaw of the reference device as a reader does with which specimen."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.specimens import Shelf
from simulators.corpus import documents, media, meta, pictures, structure, words


@dataclass(frozen=True, slots=True)
class Misreading:
    """A specimen, and what shows the flaw in the observation of its reading.

    Attributes:
        shelf: Where the specimen stands.
        case: Its name there.
        shows: "crash", "hang", "memory", "outside", "bait", "control" or "read".
    """

    shelf: Shelf
    case: str
    shows: str


READER_PROBES: Mapping[str, Misreading] = {
    "read_recurses_without_limit": Misreading(structure.DEEP, "undefined-1000", "crash"),
    "read_trusts_value_length": Misreading(structure.HUGE, "unknown", "memory"),
    "read_trusts_item_length": Misreading(structure.ITEMS, "item-2-more", "crash"),
    "read_waits_for_delimiter": Misreading(structure.OPEN, "fragments-without-end", "hang"),
    "read_inflates_without_limit": Misreading(structure.BOMB, "zeros", "memory"),
    "read_crashes_on_cut_file": Misreading(structure.CUT, "value-0", "crash"),
    "read_crashes_on_unknown_vr": Misreading(structure.UNKNOWN, "5a5a-long", "crash"),
    "read_crashes_on_odd_length": Misreading(structure.ODD, "US-of-3", "crash"),
    "read_crashes_on_disorder": Misreading(structure.DISORDERED, "reversed", "crash"),
    "read_crashes_on_broken_deflate": Misreading(structure.DEFLATE, "cut", "crash"),
    "read_ignores_meta_length": Misreading(meta.FAULTS, "length-of-2-gigabytes", "crash"),
    "read_guesses_missing_meta": Misreading(meta.FAULTS, "no-preamble", "read"),
    "read_crashes_on_preambles": Misreading(meta.PREAMBLES, "elf-program", "crash"),
    "read_unpacks_archives": Misreading(meta.POLYGLOTS, "zip-that-climbs", "outside"),
    "read_trusts_pixel_dimensions": Misreading(pictures.DIMENSIONS, "65535-x-65535", "memory"),
    "read_crashes_on_descriptions": Misreading(pictures.DEPTH, "1-allocated", "crash"),
    "read_crashes_on_scales": Misreading(pictures.RESCALING, "window-of-no-width", "crash"),
    "read_crashes_on_fragments": Misreading(pictures.RLE_HEADERS, "sixteen-segments", "crash"),
    "read_echoes_controls": Misreading(words.CONTROLS, "escape-title", "control"),
    "read_runs_on_character_sets": Misreading(words.CHARSETS, "unknown", "hang"),
    "read_formats_texts": Misreading(words.FORMATS, "percent-n", "crash"),
    "read_names_files_after_uids": Misreading(words.PATHS, "one-up", "outside"),
    "read_follows_file_ids": Misreading(media.ASTRAY, "two-up", "bait"),
    "read_walks_record_cycles": Misreading(media.LOOPS, "next-is-itself", "hang"),
    "read_crashes_on_record_offsets": Misreading(media.OFFSETS, "first-at-one", "crash"),
    "read_unpacks_documents": Misreading(
        documents.ACTIVE_DOCUMENTS, "title-that-climbs", "outside"
    ),
    "read_trusts_document_length": Misreading(
        documents.DOCUMENT_LENGTHS, "pdf-of-4-gigabytes", "crash"
    ),
    "read_leaves_traces": Misreading(structure.HONEST, "plain", "outside"),
    "read_casts_values": Misreading(structure.WRONG, "Rows-UL", "crash"),
    "read_believes_private_creators": Misreading(structure.BLOCKS, "no-creator", "crash"),
    "read_searches_each_part": Misreading(structure.PARTS, "elements", "hang"),
    "read_crashes_on_disagreement": Misreading(media.DISAGREEING, "other-instance", "crash"),
    "read_starts_programs": Misreading(media.BROUGHT_ALONG, "script", "outside"),
}
"""By flaw."""
