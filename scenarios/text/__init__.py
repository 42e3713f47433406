"""Text and injection (family TXT)."""
