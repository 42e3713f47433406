"""Attacks by a person in the middle of two real devices."""
