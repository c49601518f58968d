"""What website and API share: the head, filters, pagination, wording and caches of published data."""
