"""Devices that read files (families PAR, PIX and TXT)."""

from harness.specimens import offer
from simulators.corpus.catalogue import SHELVES

for _shelf in SHELVES:
    offer(_shelf)
