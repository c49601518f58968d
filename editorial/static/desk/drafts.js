// What is typed into a form of the desk is kept in this browser until it is saved, for the account that typed it.
// Leaving with unsaved input asks first. Without this script the forms work as before.
"use strict";

const offer = document.getElementById("draft-notice");
const PREFIX = "desk-draft:";
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;

const ofDrafts = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};

for (const name of ofDrafts()) {
  const draft = read(name);
  const wasSaved = draft && draft.sent && document.querySelector(".messagelist .success");
  if (!draft || wasSaved || Date.now() - draft.at > KEPT_FOR) localStorage.removeItem(name);
}
document.getElementById("logout-form")?.addEventListener("submit", () => {
  for (const name of ofDrafts()) localStorage.removeItem(name);
});

const UNTOUCHED = /^(csrfmiddlewaretoken|edition|initial-.*|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$/;
const isTyped = (input) =>
  input.name && !UNTOUCHED.test(input.name) && !input.name.includes("__prefix__") &&
  !["submit", "button", "file", "password"].includes(input.type) &&
  (input.type !== "hidden" || input.name.endsWith("-open"));
// Boxes of one question share a name, so their value tells them apart.
const keyOf = (input) =>
  input.type === "checkbox" && input.value !== "on" ? `${input.name}=${input.value}` : input.name;
const asText = (values) => JSON.stringify(Object.entries(values).sort());

const put = (input, value) => {
  if (input.type === "checkbox" || input.type === "radio") input.checked = value === true;
  else if (input.tagName === "SELECT" && Array.isArray(value)) {
    const chosen = value.map(([key]) => key);
    for (const [key, text] of value) {
      if (![...input.options].some((option) => option.value === key)) input.add(new Option(text, key));
    }
    for (const option of input.options) option.selected = chosen.includes(option.value);
  } else input.value = value;
  (window.django?.jQuery ? window.django.jQuery(input) : input).trigger?.("change");
};

const keepFor = (form, place) => {
  const inputs = () => [...form.elements].filter(isTyped);
  const contents = () => {
    const values = {};
    for (const input of inputs()) {
      if (input.type === "checkbox" || input.type === "radio") values[keyOf(input)] = input.checked;
      else if (input.tagName === "SELECT")
        values[input.name] = [...input.selectedOptions].map((option) => [option.value, option.text]);
      else values[input.name] = input.value;
    }
    return values;
  };
  const totals = () =>
    Object.fromEntries([...form.querySelectorAll("[name$='-TOTAL_FORMS']")].map((input) => [input.name, input.value]));

  let sent = false;
  let clean = contents();
  const isDirty = () => asText(contents()) !== asText(clean);
  const keep = () => {
    if (!isDirty()) return;
    try {
      localStorage.setItem(place, JSON.stringify({ at: Date.now(), sent, values: contents(), totals: totals() }));
    } catch {
      // Full or forbidden: the warning before leaving still holds.
    }
  };

  let waiting = 0;
  const keepSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 600);
  };
  form.addEventListener("input", keepSoon);
  form.addEventListener("change", keepSoon);
  if (window.django?.jQuery) window.django.jQuery(form).on("change", "select", keepSoon); // select2 tells jQuery alone
  form.addEventListener("submit", () => {
    sent = true;
    keep();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && isDirty()) {
      keep();
      event.preventDefault();
    }
  });

  const restore = async (draft) => {
    const opened = Object.keys(draft.values).filter((name) => /-\d+-open$/.test(name));
    await Promise.allSettled(opened.map((name) => window.deskCards?.open(name.replace(/-open$/, ""))));
    for (const [name, total] of Object.entries(draft.totals)) {
      const group = document.getElementById(name.replace("-TOTAL_FORMS", "-group"));
      const add = group?.querySelector(".add-row a");
      const now = form.elements[name];
      for (let tries = 0; add && now && Number(now.value) < Number(total) && tries < 500; tries += 1) add.click();
    }
    for (const input of inputs()) {
      if (keyOf(input) in draft.values && input.type !== "hidden") put(input, draft.values[keyOf(input)]);
    }
    for (const fold of form.querySelectorAll("details")) if (fold.querySelector("textarea")?.value) fold.open = true;
  };

  window.addEventListener("load", () => {
    clean = contents(); // the inputs have been made ready
    form.addEventListener("desk:opened", () => {
      for (const [name, value] of Object.entries(contents())) if (!(name in clean)) clean[name] = value;
    });
    const draft = read(place);
    const wasRefused = form.querySelector(".errornote, .errorlist, .meanwhile");
    if (wasRefused || !draft || asText(draft.values) === asText(clean)) return;
    form.closest("details")?.setAttribute("open", "");
    form.prepend(offer.content.cloneNode(true));
    const notice = form.firstElementChild;
    notice.querySelector("time").textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
    notice.querySelector("[data-do=restore]").addEventListener("click", async () => {
      await restore(draft);
      notice.remove();
    });
    notice.querySelector("[data-do=discard]").addEventListener("click", () => {
      localStorage.removeItem(place);
      notice.remove();
    });
  });
};

if (offer) {
  const written = [...document.querySelectorAll("#content form[method='post']:not(#changelist-form, [data-unkept])")].filter((form) =>
    [...form.elements].some((input) => isTyped(input) && (input.tagName === "TEXTAREA" || input.type === "text")),
  );
  const page = [location.pathname, ...new URLSearchParams(location.search).getAll("entry")].join(" ");
  const seen = {};
  for (const form of written) {
    const aim = form.id.endsWith("_form") ? "" : ` ${form.getAttribute("action") ?? ""}`;
    const verb = form.querySelector("input[type=hidden][name=verb], input[type=hidden][name=place]")?.value ?? "";
    const place = `${PREFIX}${offer.dataset.account}:${page}${aim} ${verb}`.trim();
    seen[place] = (seen[place] ?? 0) + 1;
    keepFor(form, seen[place] > 1 ? `${place} ${seen[place]}` : place);
  }
}
