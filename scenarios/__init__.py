"""The scripts: one file per attack, grouped by attack surface."""
