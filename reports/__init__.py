"""The scribes: one file per report format, each a pure function from a run to bytes."""
