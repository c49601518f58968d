"""Accounts of the desk: login, second factor, sessions, roles and permissions."""
