"""Commitment, coercion, procedure steps and what becomes of stored objects (family INT)."""
