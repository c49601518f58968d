"""What the page of one entry shows: the public page and the desk's preview are made of the same."""
