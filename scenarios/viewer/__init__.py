"""Pages and viewers in a real browser (families WEB and TXT)."""
