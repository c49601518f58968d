"""How dates and times are written where Django writes them, in a folder for each language that says it otherwise."""
