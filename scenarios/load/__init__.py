"""Availability, fairness and honesty of the ledger under load (family LOAD)."""
