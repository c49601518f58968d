// Pages by keyboard: Ctrl-K (or Cmd-K) goes to the search across everything, Escape folds the account's menu, and a table
// wider than the window is scrolled with the arrow keys.
"use strict";

document.addEventListener("keydown", (event) => {
  const field = document.getElementById("find");
  if (field && event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
  const menu = document.querySelector("details.own[open]");
  if (menu && event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

const reach = ({ target }) => {
  if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
  else target.removeAttribute("tabindex");
};
const boxes = new ResizeObserver((entries) => entries.forEach(reach));
for (const box of document.querySelectorAll(".scrolls, .results, .inline-group")) boxes.observe(box);
