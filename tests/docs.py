"""README.md and the pages under docs/, as readers see them."""

import re
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.BASE_DIR
FOLDER = ROOT / "docs"
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted(FOLDER.glob("*.md"))]


def page(name: str) -> str:
    """The text of one page of docs/."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def everything() -> str:
    """All that tells users how to do something: README.md and docs/, without the changelog."""
    return "\n".join(path.read_text(encoding="utf-8") for path in [README, *FOLDER.glob("*.md")])


def prose(text: str) -> str:
    """The text without its blocks of code."""
    return re.sub(r"^[ ]*```.*?^[ ]*```$", "", text, flags=re.DOTALL | re.MULTILINE)


def links(path: Path) -> list[str]:
    """Where the page's links and pictures lead."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(path.read_text(encoding="utf-8")))


def anchors(path: Path) -> set[str]:
    """The names under which GitHub makes a page's headings reachable."""
    headings = re.findall(r"^#+ (.+)$", prose(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
