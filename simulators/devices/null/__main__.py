"""``python -m simulators.devices.null``."""

import sys

from simulators.devices.null.cli import main

sys.exit(main())
