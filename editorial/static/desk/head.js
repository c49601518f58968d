// The head of a page by keyboard: Ctrl-K (or Cmd-K) goes to the search across everything, Escape folds the account's menu.
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
