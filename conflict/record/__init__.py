"""The record: the publication log and the tables projected from it; all that the public side reads."""
