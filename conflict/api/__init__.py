"""Read-only REST API over the published record."""
