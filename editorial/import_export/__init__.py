"""Import of files to the desk, and export from it."""
