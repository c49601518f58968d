"""Code shared by website and API: the head, filters, pagination, wording and caches of published data."""
