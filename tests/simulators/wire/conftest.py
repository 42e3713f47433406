"""Hypothesis settings of the codec's properties."""

from hypothesis import settings

# No deadline: how busy the machine is says nothing about the codec. No database: tests leave nothing.
settings.register_profile("wire", deadline=None, database=None)
settings.register_profile("wire-long", deadline=None, database=None, max_examples=3000)
settings.load_profile("wire-long")
