"""Availability under bounded load (family RES)."""
