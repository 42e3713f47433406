"""TLS plays of both roles: trials of a device that listens, traps for a device that calls."""
