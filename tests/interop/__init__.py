"""Against real devices: every recipe in ``devices/`` is run to its end (``tox -e interop``)."""
