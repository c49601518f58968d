// Cards of claims and findings are opened in place: the form of one card is fetched and put into the page. Without this
// script the button saves the page and opens the card then. A new card takes the focus.
"use strict";

const opening = new Map();

const open = (button) => {
  const card = button.closest(".inline-related");
  if (!opening.has(card.id)) opening.set(card.id, fetched(card, button.value));
  return opening.get(card.id);
};

const fetched = async (card, row) => {
  const answer = await fetch(`${location.pathname}?open=${row}`, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById(card.id);
  const number = (element) => element?.querySelector(`[name="${card.id}-id"]`)?.value;
  if (!answer.ok || !found || number(found) !== number(card)) throw new Error("The claims were changed meanwhile.");
  const isToBeDeleted = card.querySelector("[name$='-DELETE']")?.checked;
  card.replaceChildren(...found.childNodes);
  card.classList.add("is-open");
  if (isToBeDeleted) card.querySelector("[name$='-DELETE']").checked = true;
  card.dispatchEvent(new CustomEvent("desk:opened", { bubbles: true }));
  card.dispatchEvent(
    new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: card.id.replace(/-\d+$/, "") } }),
  );
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".cards button.open");
  if (!button) return;
  event.preventDefault();
  const card = button.closest(".inline-related");
  try {
    await open(button);
    focusFirst(card);
  } catch {
    button.form.requestSubmit(button); // as without this script
  }
});

const focusFirst = (row) =>
  row.querySelector("input:not([type=hidden]):not([type=checkbox]), .select2-selection, select, textarea")?.focus();

let addedBy = null;
document.addEventListener("click", (event) => {
  addedBy = event.isTrusted && event.target.closest(".add-row") ? event : null;
}, true);
document.addEventListener("formset:added", (event) => {
  if (addedBy) setTimeout(() => focusFirst(event.target), 0); // after the inputs have been made ready
  addedBy = null;
});

// On a new form Django focuses the first button: the first input is where one types.
window.addEventListener("load", () => {
  const isNew = document.getElementById("django-admin-form-add-constants")?.dataset.modelName;
  const first = document.querySelector("fieldset.module");
  if (isNew && first) focusFirst(first);
});

// A link from the list of errors leads to what can be typed into: a field that completes itself hides its own input.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".errornote a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const input = field.matches("input, select, textarea") ? field : field.querySelector("input:not([type=hidden])");
  const shown = input?.matches(".select2-hidden-accessible")
    ? input.nextElementSibling.querySelector(".select2-search__field, .select2-selection")
    : input;
  if (!shown) return;
  event.preventDefault();
  shown.focus();
  shown.scrollIntoView({ block: "center" });
});

window.deskCards = {
  // Opens the card with this id, such as claims-3; gives a promise.
  open: (id) => {
    const button = document.querySelector(`#${id} button.open`);
    return button ? open(button) : Promise.resolve();
  },
};
