"""A process that has the reference device loaded and forks one for each order.

Its argument is the number of a socket. An order is one datagram of JSON with two descriptors: the
control socket of the keeper that is to run, and the log. What is forked first is the keeper; the
keeper forks the device as it would otherwise execute it, so that both stand in the same relation.
"""

import array
import atexit
import contextlib
import gc
import json
import os
import signal
import socket
import sys
import threading
import traceback
from typing import TypedDict

from simulators.devices.reference import cli
from simulators.process.keeper import Keeper

_ORDER_BYTES = 1 << 16
# Exit codes as the interpreter has them.
_RAISED = 1


class Order(TypedDict):
    """What to start: the device's arguments, and the settings of its keeper."""

    arguments: list[str]
    env: dict[str, str]
    cwd: str
    harness: int
    grace_s: float
    limit_s: float
    core_bytes: int


def main(argv: list[str]) -> None:
    """Serve orders until the harness closes its end."""
    orders = socket.socket(fileno=int(argv[0]))
    _load_what_devices_load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers report to the harness, not to us
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is loaded stays: a collection in a child would copy its pages.
    gc.collect()
    gc.freeze()
    while True:
        try:
            data, descriptors = _receive(orders)
        except OSError:
            return
        if not data:
            return
        pid = os.fork()
        if pid == 0:
            orders.close()
            _keep(json.loads(data), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        orders.send(str(pid).encode("ascii"))


def _load_what_devices_load() -> None:
    """Import what a device imports late; nothing here is initialised by it but OpenSSL."""
    from simulators.devices.reference import (
        acceptor,
        requestor,
        scu,
        server,
        services,
        tls_client,
        tls_server,
        tls_verify,
    )

    del acceptor, requestor, scu, server, services, tls_client, tls_server, tls_verify


def _receive(orders: socket.socket) -> tuple[bytes, list[int]]:
    data, ancillary, _, _ = orders.recvmsg(_ORDER_BYTES, socket.CMSG_SPACE(2 * 4))
    descriptors = array.array("i")
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[: len(content) - len(content) % descriptors.itemsize])
    return data, list(descriptors)


def _keep(order: Order, control: int, log: int) -> None:
    """Be the keeper; never returns."""
    code = _RAISED
    try:
        os.setsid()
        os.chdir(order["cwd"])
        os.environ.update(order["env"])
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        os.close(nothing)
        os.close(log)
        channel = socket.socket(fileno=control)
        channel.set_inheritable(False)
        keeper = Keeper(
            channel,
            order["harness"],
            order["grace_s"],
            order["limit_s"],
            order["core_bytes"],
            become=_be_the_device,
        )
        keeper.run(order["arguments"])
        code = 0
    finally:
        os._exit(code)


def _be_the_device(arguments: list[str]) -> None:
    """Run the device's program in this process as a new interpreter would; never returns."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [sys.argv[0], *arguments]
    code = _RAISED
    try:
        code = cli.main(arguments)
    except SystemExit as error:
        code = _exit_code(error)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _exit_code(error: SystemExit) -> int:
    if isinstance(error.code, int):
        return error.code
    if error.code is None:
        return 0
    sys.stderr.write(f"{error.code}\n")
    return _RAISED


if __name__ == "__main__":
    main(sys.argv[1:])
