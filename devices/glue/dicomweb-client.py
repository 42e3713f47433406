"""The command-line tool of dicomweb-client, less the tracebacks that it prints as a message.

``dicomweb-client.py TOOL ARGUMENT ...`` runs the tool and ends with its exit code. The tool handles
every error of the library by one line in its log, and where the message of that error is itself a
traceback (of pydicom) it looks as if nobody had handled it. An error without that line is left as
it is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

HANDLED = "| ERROR    | dicomweb_client.cli"


def main(argv: list[str]) -> int:
    """Runs the tool; returns its exit code, or ends by its signal."""
    done = subprocess.run(argv, stderr=subprocess.PIPE, check=False)
    text = done.stderr.decode("utf-8", "surrogateescape")
    if HANDLED in text:
        text = text.partition("\nTraceback (most recent call last):")[0] + "\n"
    sys.stderr.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stderr.flush()
    if done.returncode < 0:
        signal.signal(-done.returncode, signal.SIG_DFL)
        os.kill(os.getpid(), -done.returncode)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
