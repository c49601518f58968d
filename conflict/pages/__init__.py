"""The public website: reads the record, puts it into words and charts; changes nothing."""
