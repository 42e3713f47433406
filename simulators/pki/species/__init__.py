"""The certificates of the zoo by theme: each module lists its ``SPECIMENS``."""
