"""Seeded, grammar-aware mutants of honest exchanges, and their judgement.

From the bottom: a message as a `tree` that knows its fields, the `grammar` that reads one, honest
`exchanges`, `mutations` of them, the seeded `deck` that deals mutants, the `player` that plays many
at a time, and the `campaign` that looks after the device and names the culprits.
"""
