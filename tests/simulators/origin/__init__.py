"""The hostile origin server."""
