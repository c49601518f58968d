/* Suggestions while somebody types: a combobox with a list (WAI-ARIA APG, manual selection). The form works without. */

const PAUSE = 180; // milliseconds without a key before anything is asked
const SHORTEST = 2;

for (const field of document.querySelectorAll("input[data-suggestions]")) combobox(field);

function combobox(field) {
  const list = Object.assign(document.createElement("ul"), { id: `${field.id}-suggestions`, hidden: true, className: "suggestions" });
  const status = Object.assign(document.createElement("span"), { className: "unseen" });
  const { suggestions, one, many, none, label } = field.dataset;
  let waiting = 0;
  let active = -1;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  status.setAttribute("role", "status");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    field.setAttribute(name, value);
  }
  field.after(list, status);

  function show() {
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  }

  function hide() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(place) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = place;
    const option = list.children[active];
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  function choose(option) {
    field.value = option.dataset.name;
    hide();
    location.assign(option.dataset.address);
  }

  async function suggest(words) {
    const answer = await fetch(`${suggestions}?${new URLSearchParams({ q: words })}`).catch(() => null);
    if (!answer?.ok || field.value.trim() !== words || document.activeElement !== field) return;
    const found = await answer.json();
    list.replaceChildren(...found.map((one, place) => optionFor(one, `${list.id}-${place}`)));
    active = -1;
    status.textContent = found.length === 1 ? one : found.length ? many.replace("{n}", found.length) : none;
    if (found.length) show();
    else hide();
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    hide();
    const words = field.value.trim();
    if (words.length >= SHORTEST) waiting = setTimeout(() => suggest(words), PAUSE);
    else list.replaceChildren();
  });
  field.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    const isOpen = !list.hidden;
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && last >= 0) {
      event.preventDefault();
      const isDown = event.key === "ArrowDown";
      if (!isOpen) show();
      if (isOpen || !event.altKey) mark(isDown ? (active < last ? active + 1 : 0) : active > 0 ? active - 1 : last);
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      event.preventDefault();
      choose(list.children[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault(); // a second Escape empties the field
      hide();
    } else if (isOpen && ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      mark(-1); // the caret moves, and the focus of the list goes back to the field
    }
  });
  field.addEventListener("blur", hide);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

function optionFor({ name, said, address, lang }, id) {
  const option = Object.assign(document.createElement("li"), { id });
  const called = Object.assign(document.createElement("span"), { textContent: name, lang });
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  Object.assign(option.dataset, { name, address });
  option.append(called, " ", Object.assign(document.createElement("span"), { textContent: said, className: "small" }));
  return option;
}
