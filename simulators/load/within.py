"""The worker's own look at where a plan leads: nothing outside its networks, ever."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from harness.errors import ScopeError
from simulators.load.plan import Plan
from simulators.load.shapes import highest


def require(plan: Plan) -> None:
    """Checks that a plan stays within its bounds; nothing has been sent.

    Raises:
        ScopeError: It names an address, a rate or a number of associations outside them.
    """
    target = plan.target
    hosts = {target.host, target.web_host or urlsplit(target.web).hostname or target.host}
    networks = [ipaddress.ip_network(text) for text in plan.bounds.networks]
    for host in sorted(hosts):
        for address in _addresses(host):
            if not any(ipaddress.ip_address(address) in network for network in networks):
                raise ScopeError(
                    f"{host} ({address}) is outside the bounds of the plan: scope.networks"
                )
    if plan.associations > plan.bounds.connections:
        raise ScopeError(
            f"{plan.associations} associations exceed scope.max_connections = "
            f"{plan.bounds.connections}: ask for fewer, or raise it"
        )
    fastest = plan.rate * highest(plan) if plan.rate is not None else 0.0
    if fastest > plan.bounds.rate:
        raise ScopeError(
            f"{fastest:g} requests per second exceed scope.max_rate = {plan.bounds.rate:g}: "
            "ask for fewer, or raise it"
        )


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ScopeError(f"'{host}' has no address: {error.strerror or error}") from error
    return sorted({str(info[4][0]) for info in found})
