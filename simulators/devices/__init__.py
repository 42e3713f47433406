"""The reference device, its seeded flaws, and the null devices."""
