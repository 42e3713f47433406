"""Devices that de-identify files (family DEI)."""
