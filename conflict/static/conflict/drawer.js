/* A drawer whose form stands on a page of its own: fetched as soon as somebody turns to it. The link works without. */

for (const drawer of document.querySelectorAll("details[data-later]")) {
  const link = drawer.querySelector("a");
  let asked;
  const fill = () => {
    asked ??= fetch(link.href)
      .then((answer) => answer.text())
      .then((page) => {
        const form = new DOMParser().parseFromString(page, "text/html").querySelector("main form");
        if (form) link.parentElement.replaceWith(form);
      })
      .catch(() => (asked = undefined));
  };
  for (const turn of ["pointerenter", "focusin", "toggle"]) drawer.addEventListener(turn, fill);
}
