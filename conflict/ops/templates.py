"""Templates of this software, compiled when a server starts.

So its processes share them, the first reader waits for none, and a process of the version before goes on with its own
templates while newer ones are put in their place.
"""

from pathlib import Path

from django.conf import settings
from django.template import engines


def load_templates() -> list[str]:
    """Compile all of them; returns their names."""
    engine = engines["django"]
    loaded = []
    for folder in engine.template_dirs:
        if not Path(folder).is_relative_to(settings.BASE_DIR / "templates"):
            continue  # of a package
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                loaded.append(str(path.relative_to(folder)))
                engine.get_template(loaded[-1])
    return loaded
