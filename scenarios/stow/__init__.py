"""The corpus by STOW-RS, and what a web server makes and shows of it."""
