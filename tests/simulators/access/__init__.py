"""Tests of the peers that try the authorisation matrix."""
