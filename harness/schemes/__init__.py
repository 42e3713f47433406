"""Schemes: named levels of requirements, and how far a run gets in them."""
