"""Templates of this software, compiled when a server starts.

So its processes share them, the first reader waits for none, and a process of the version before goes on with its own
templates while newer ones are put in their place.
"""

from django.conf import settings
from django.template.loader import get_template


def load_templates() -> list[str]:
    """Compile all of them; returns their names."""
    folder = settings.BASE_DIR / "templates"
    loaded = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()]
    for name in loaded:
        get_template(name)
    return loaded
