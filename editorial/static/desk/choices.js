// Fields that complete themselves: select2 takes over neither their label nor, with a newer jQuery, the focus when they
// open. Screen readers are told the label with what is chosen, and the name of the list and of the field within it.
"use strict";

const labelOf = (select) =>
  (select.getAttribute("aria-label") ?? document.querySelector(`label[for="${select.id}"]`)?.textContent ?? "")
    .trim()
    .replace(/\s*:$/, "");

const nameChoices = (root) => {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const [label, shown] = [labelOf(select), select.nextElementSibling];
    const choice = shown?.querySelector("[role=combobox]");
    if (!choice || !label) continue;
    choice.setAttribute("aria-label", label);
    const chosen = choice.querySelector(".select2-selection__rendered");
    if (select.multiple) shown.querySelector(".select2-search__field")?.setAttribute("aria-label", label);
    else {
      chosen.removeAttribute("role"); // a text within a field, not a field within a field
      chosen.removeAttribute("aria-readonly");
      choice.id = `${chosen.id}-field`;
      choice.setAttribute("aria-labelledby", `${choice.id} ${chosen.id}`);
    }
  }
};

// Ready after autocomplete.js, which makes the fields.
window.django?.jQuery(() => {
  nameChoices(document);
  window.django.jQuery(document).on("select2:open", ({ target }) => {
    const field = document.querySelector(".select2-container--open .select2-search__field");
    const list = document.querySelector(".select2-container--open .select2-results__options");
    for (const part of [field, list]) part?.setAttribute("aria-label", labelOf(target));
    field?.focus();
  });
});
document.addEventListener("formset:added", (event) => setTimeout(() => nameChoices(event.target), 0));
