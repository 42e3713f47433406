"""``python -m simulators.devices.reference``."""

import sys

from simulators.devices.reference.cli import main

sys.exit(main())
