"""Certificates and peer identity (family CRT)."""
