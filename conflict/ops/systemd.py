"""Tells systemd that the server listens (`Type=notify`), so that `systemctl restart` waits before it does the next one."""

import os
import socket


def tell_ready() -> None:
    """Does nothing if systemd has not started this process."""
    if not (address := os.environ.get("NOTIFY_SOCKET")):
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # an abstract address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
        speaking.sendto(b"READY=1", address)
