"""DIMSE messages and services (family DIM)."""
