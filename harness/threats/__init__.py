"""The threat model: its data, what exercises each threat, and how each fared."""
