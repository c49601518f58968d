"""Projection of published documents onto the tables of the record."""
