"""``python -m simulators.tls_peer``."""

import sys

from simulators.tls_peer import main

if __name__ == "__main__":
    sys.exit(main())
