"""Data set parsing (family PAR)."""
