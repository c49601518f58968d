"""Import and export: what comes onto the desk from files, and what leaves it."""
