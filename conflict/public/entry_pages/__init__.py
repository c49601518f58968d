"""Contexts of the pages of single entries, shared by the public pages and the desk's previews."""
