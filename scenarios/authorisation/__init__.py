"""AE titles, hosts and authorisation (family AUT)."""
