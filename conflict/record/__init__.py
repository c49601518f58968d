"""The record: the publication log and the tables projected from it, which are all that the public side reads."""
