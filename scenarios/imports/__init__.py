"""The corpus by file import: whole files that are posted to where a device takes uploads."""
