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

// A claim may bear on one that is as new as itself: the new cards are offered beside the saved ones, as new-0, new-1 …
const claims = document.getElementById("claims-group");
const newCards = () => [...claims.querySelectorAll(".inline-related:not(.has_original, .empty-form)")];
const inWords = (card) => {
  const who = [...card.querySelectorAll("[name$='-claimant'] option:checked")].map((option) => option.text.split(" · ")[0]);
  const what = ["claimant_words", "low", "statement"].map((name) => card.querySelector(`[name$='-${name}']`)?.value);
  return [...who, ...what].filter(Boolean).join(", ").slice(0, 80);
};
const offerNewCards = () => {
  const cards = newCards();
  for (const select of claims.querySelectorAll("select[name$='-related_to']")) {
    for (const option of [...select.options].filter(({ value }) => value.startsWith("new-"))) {
      option.card ??= cards[Number(option.value.slice(4))];
      if (!option.card?.isConnected) option.remove();
    }
    for (const [at, card] of cards.entries()) {
      const offered = [...select.options].find((option) => option.card === card);
      const words = inWords(card);
      if (card.contains(select) || !(words || offered)) offered?.remove();
      else {
        const option = offered ?? select.appendChild(new Option());
        Object.assign(option, { card, value: `new-${at}`, text: words });
      }
    }
  }
};
if (claims) {
  claims.addEventListener("focusin", ({ target }) => {
    if (target.name?.endsWith("-related_to")) offerNewCards();
  });
  document.addEventListener("formset:removed", offerNewCards); // the cards after it have moved up
  claims.closest("form").addEventListener("submit", offerNewCards);
}

// A rival of a claim begins on the same matter, about the same, and as what contradicts it; each can be changed.
const chooseIn = (select, options) => {
  for (const { value, text } of options) {
    const option = [...select.options].find((one) => one.value === value) ?? select.appendChild(new Option(text, value));
    option.selected = true;
  }
  window.django.jQuery(select).trigger("change");
};
const selectOf = (card, name) => card.querySelector(`select[name$='-${name}']`);
const subjectsOf = (card) => {
  const select = selectOf(card, "subject");
  if (select) return [...select.selectedOptions];
  return [...card.querySelectorAll("[data-subject]")].map((one) => ({ value: one.dataset.subject, text: one.textContent }));
};
const answer = (button) => {
  const card = button.closest(".inline-related");
  claims.querySelector(".add-row a").click();
  const rival = newCards().pop();
  offerNewCards();
  const relatedTo = selectOf(rival, "related_to");
  const answered = [...relatedTo.options].find((option) => (button.value ? option.value === button.value : option.card === card));
  chooseIn(selectOf(rival, "subject"), subjectsOf(card));
  selectOf(rival, "measure").value = selectOf(card, "measure")?.value ?? button.dataset.measure;
  if (answered) {
    relatedTo.value = answered.value;
    selectOf(rival, "relation").value = "contradicts";
  }
  setTimeout(() => focusFirst(rival), 0); // after the inputs have been made ready
};
const showRivals = (root) => {
  for (const button of root.querySelectorAll("button.rival")) button.hidden = false;
};
if (claims) {
  showRivals(claims);
  claims.addEventListener("desk:opened", ({ target }) => showRivals(target));
  claims.addEventListener("click", ({ target }) => {
    const button = target.closest("button.rival");
    if (button) answer(button);
  });
}

// Where only how a claim bears on another is said, it is the last one on the same matter, or the only other one.
const takeRelated = (card) => {
  const relatedTo = selectOf(card, "related_to");
  if (!selectOf(card, "relation")?.value || relatedTo.value) return;
  offerNewCards();
  const measureOf = ({ card: other, value }) => {
    const button = claims.querySelector(`button.rival[value="${value}"]`);
    const its = other ?? button?.closest(".inline-related");
    return (its && selectOf(its, "measure")?.value) ?? button?.dataset.measure;
  };
  const others = [...relatedTo.options].filter(({ value }) => value);
  const rivals = others.filter((option) => measureOf(option) === selectOf(card, "measure").value);
  relatedTo.value = (rivals.pop() ?? (others.length === 1 ? others[0] : null))?.value ?? "";
};

// A number counts what the claim above counts, unless something else is chosen.
const takeMeasure = (card) => {
  const measure = selectOf(card, "measure");
  if (!measure || measure.value || card.matches(".has_original, .empty-form")) return;
  const above = newCards().slice(0, newCards().indexOf(card)).map((one) => selectOf(one, "measure").value).filter(Boolean).pop();
  if (above) chooseIn(measure, [{ value: above }]);
};

// A new claim is taken to come from the source of the claim above, or else the only one that the event cites. It stands in
// its field as soon as something else is said in the card, and can be changed there.
const sourceOf = (row) => row.querySelector("select[name$='-source'] option:checked:not([value=''])");
const takeSource = (card) => {
  const select = card.querySelector("select[name$='-source']");
  if (!select || card.dataset.sourced || card.matches(".has_original, .empty-form")) return;
  card.dataset.sourced = "yes"; // once: what the editor takes out stays out
  const above = newCards().slice(0, newCards().indexOf(card)).map(sourceOf).filter(Boolean).pop();
  const cited = new Map([...document.querySelectorAll("#citations-group tr:not(.empty-form)")].map(sourceOf).filter(Boolean).map((one) => [one.value, one]));
  const source = above ?? (cited.size === 1 ? [...cited.values()][0] : null);
  if (select.value || !source) return;
  select.append(new Option(source.text, source.value, true, true));
  window.django.jQuery(select).trigger("change");
};
if (claims) {
  const said = ({ target }) => {
    const card = target.closest(".inline-related");
    if (card && !target.name?.endsWith("-source")) takeSource(card);
    if (card && /-(low|high)$/.test(target.name)) takeMeasure(card);
    if (card && target.name?.endsWith("-relation")) takeRelated(card);
  };
  claims.addEventListener("input", said);
  window.addEventListener("load", () => window.django.jQuery(claims).on("change", "select", said)); // select2 tells jQuery alone
}

// On a phone the fields of a row stand below each other, each with the heading of its column. New rows are copies.
for (const table of document.querySelectorAll(".inline-group .tabular table")) {
  const headings = [...table.tHead.rows[0].cells].map((heading) => heading.textContent.trim());
  for (const cell of table.querySelectorAll("tr.form-row > td")) {
    const heading = headings[cell.cellIndex];
    if (heading && cell.querySelector("input, select, textarea, p")) cell.dataset.label = heading;
  }
}

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
