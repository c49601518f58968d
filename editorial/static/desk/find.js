// Ctrl-K (or Cmd-K) goes to the search across everything on the desk.
"use strict";

document.addEventListener("keydown", (event) => {
  const field = document.getElementById("find");
  if (field && event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});
