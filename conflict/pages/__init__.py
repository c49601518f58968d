"""The public website: reads the record, says it in words, draws it; changes nothing."""
