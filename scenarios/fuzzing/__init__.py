"""Seeded fuzzing (family FUZ)."""
