"""Data sets that are wrong in one way: built without I/O, valid by default, one deviation each.

Every builder takes the elements of an honest object and returns a :class:`Specimen`: its octets,
and what the standard's own reading of them is. Each module has one dictionary of builders by name.
"""

from simulators.datasets.specimen import (
    Builder,
    Specimen,
    decoy_of,
    honest,
    spliced,
    written,
)

__all__ = ["Builder", "Specimen", "decoy_of", "honest", "spliced", "written"]
