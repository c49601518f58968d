"""Partners of the desk: their API keys and proposals."""
