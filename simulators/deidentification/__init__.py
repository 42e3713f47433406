"""De-identifiers under test: objects full of canaries, and the search for what is left of them."""
