"""Hypothesis settings of the codec's properties."""

from hypothesis import settings

# No deadline: how busy the machine is says nothing about the codec. No database: nothing is left.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")
