"""Peers that call as the identities of a profile, and try what its authorisation matrix says."""
