"""Compatibility: our events in shapes that existing scripts read. Neither endorsed by, nor data of, who made the shapes."""
