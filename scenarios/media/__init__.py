"""Devices that read media and what comes on them (family MED)."""
