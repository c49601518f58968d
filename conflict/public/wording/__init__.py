"""Dates, figures and claims as a reader is told them, in the reader's language and no surer than they are."""
