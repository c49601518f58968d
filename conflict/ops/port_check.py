"""`python -m conflict.ops.port_check NUMBER`: check that a port is free, with nothing installed yet."""

from __future__ import annotations  # this runs before the version of Python is checked

import socket
import sys


def problem_with_port(port: str, host: str = "127.0.0.1", *, another: str = "make run PORT=") -> str | None:
    """Reason why this port cannot be used, or None if it is free. `another` is the option that chooses a different one."""
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        return f"PORT is {port!r}, but must be a whole number from 1 to 65535."
    refused = _refusal(int(port), host)
    if refused is None:
        return None
    why = "ports below 1024 are for root" if isinstance(refused, PermissionError) else refused.strerror
    free = next((one for one in _others(int(port)) if _refusal(one, host) is None), None)
    return f"Port {port} cannot be used ({why})." + (f" Choose another: {another}{free}" if free else "")


def _refusal(port: int, host: str) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port released a moment ago counts as free
        try:
            probe.bind((host, port))
        except OSError as refused:
            return refused
    return None


def _others(port: int) -> list[int]:
    """Alternative ports to try: those after this one, and those after the default one."""
    return [one for first in (port, 8000) for one in range(first + 1, first + 100) if 1024 <= one <= 65535]


if __name__ == "__main__":
    if problem := problem_with_port(sys.argv[1]):
        sys.exit(f"Error: {problem}")
