"""A visitor with a real browser: opens the device's pages, and follows links of strangers."""
