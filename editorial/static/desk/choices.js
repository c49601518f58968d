// Fields that complete themselves: select2 takes over neither their label nor, with a newer jQuery, the focus when they
// open. Screen readers are told the label with what is chosen, the name of the list and of the field within it, and
// which of the found ones the arrow keys are at: select2 numbers only those that it has not asked for.
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

const opened = (what) => document.querySelector(`.select2-container--open .select2-${what}`);
const follow = new MutationObserver(() => {
  const option = opened("results__option--highlighted");
  if (!option) return opened("search__field")?.removeAttribute("aria-activedescendant");
  option.id ||= `${option.parentElement.id}-${[...option.parentElement.children].indexOf(option)}`;
  opened("search__field")?.setAttribute("aria-activedescendant", option.id);
});

// Ready after autocomplete.js, which makes the fields.
window.django?.jQuery?.(() => {
  nameChoices(document);
  window.django.jQuery(document).on("select2:open", ({ target }) => {
    const [field, list] = [opened("search__field"), opened("results__options")];
    for (const part of [field, list]) part?.setAttribute("aria-label", labelOf(target));
    follow.disconnect();
    follow.observe(list, { subtree: true, childList: true, attributeFilter: ["class"] });
    field?.focus();
  });
});
document.addEventListener("formset:added", (event) => setTimeout(() => nameChoices(event.target), 0));
