"""What several tests of loads need."""

from __future__ import annotations

import threading

NEVER = threading.Event()
"""A cancellation that does not come."""
