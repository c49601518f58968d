"""Date and time formats for Django, with a folder for each language that needs its own."""
