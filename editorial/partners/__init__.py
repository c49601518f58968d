"""Partners of the desk: keys to the API, and what is proposed under them."""
