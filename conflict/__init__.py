"""What is known of an armed conflict, and what is published of it."""
