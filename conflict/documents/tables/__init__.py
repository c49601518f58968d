"""Bodies as flat rows: columns of each kind, cells, and lines of CSV."""
