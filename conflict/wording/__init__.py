"""Dates, figures and claims in the reader's language, exactly as certain as they are."""
