"""Storage paths and object identity (family STO)."""
