/* Drawers whose form stands on a page of its own: fetched as soon as somebody turns to one. The link works without. */

const asked = new WeakMap();

function fill({ target }) {
  const drawer = target.closest?.("details[data-later]");
  const link = drawer?.querySelector("a");
  if (!link || asked.has(drawer)) return;
  asked.set(drawer, fetch(link.href)
    .then((answer) => answer.text())
    .then((page) => {
      const form = new DOMParser().parseFromString(page, "text/html").querySelector("main form");
      if (form) link.parentElement.replaceWith(form);
    })
    .catch(() => asked.delete(drawer)));
}

for (const turn of ["pointerover", "focusin", "toggle"]) document.addEventListener(turn, fill, true);
