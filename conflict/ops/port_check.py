"""`python -m conflict.ops.port_check NUMBER`: is the port free? Asked before long work, with nothing installed yet."""

import socket
import sys


def problem_with_port(port: str, host: str = "127.0.0.1", *, another: str = "make run PORT=") -> str | None:
    """The problem with serving on this port, or None when it is free. `another` is the option that chooses a different one."""
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        return f"PORT is {port!r}, but must be a whole number from 1 to 65535."
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
        try:
            probe.bind((host, int(port)))
        except OSError as refused:
            return f"Port {port} cannot be used ({refused.strerror}). Choose another: {another}{int(port) + 1}"
    return None


if __name__ == "__main__":
    if problem := problem_with_port(sys.argv[1]):
        sys.exit(f"Error: {problem}")
