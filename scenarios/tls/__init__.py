"""TLS negotiation (family TLS)."""
