"""What one would use instead, over the same rows; and the limit, which is nothing but the query and its answer."""
