"""``python -m simulators.devices.reference``."""

import gc
import sys

# A device is started hundreds of times, and collecting while modules load is a fifth of the start.
gc.disable()
from simulators.devices.reference.cli import main  # noqa: E402

gc.enable()
sys.exit(main())
