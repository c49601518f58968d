"""Published knowledge of an armed conflict: its data model, publication log, website and API."""
