// What is typed into a form of the desk is kept in this browser until it is saved, for the account that typed it.
// Leaving with unsaved input asks first. Without this script the form works as before.
"use strict";

const notice = document.getElementById("draft");
const form = notice && notice.closest("form");
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

if (form) {
  const place = `${PREFIX}${notice.dataset.account}:${location.pathname}`;
  const untouched = /^(csrfmiddlewaretoken|edition|initial-.*|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$/;
  const inputs = () =>
    [...form.elements].filter(
      (input) => input.name && !untouched.test(input.name) && !input.name.includes("__prefix__") &&
        !["submit", "button", "file", "password"].includes(input.type),
    );
  // Boxes of one question share a name, so their value tells them apart.
  const keyOf = (input) => (input.type === "checkbox" && input.value !== "on" ? `${input.name}=${input.value}` : input.name);
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
  let clean = {};
  const asText = (values) => JSON.stringify(Object.entries(values).sort());
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
  const restore = async (draft) => {
    const opened = Object.keys(draft.values).filter((name) => /-\d+-open$/.test(name));
    await Promise.allSettled(opened.map((name) => window.deskCards?.open(name.replace(/-open$/, ""))));
    for (const [name, total] of Object.entries(draft.totals)) {
      const group = document.getElementById(name.replace("-TOTAL_FORMS", "-group"));
      const add = group?.querySelector(".add-row a");
      const now = form.elements[name];
      for (let tries = 0; add && now && Number(now.value) < Number(total) && tries < 500; tries += 1) add.click();
    }
    for (const input of inputs()) if (keyOf(input) in draft.values) put(input, draft.values[keyOf(input)]);
    notice.hidden = true;
  };

  window.addEventListener("load", () => {
    clean = contents();
    form.addEventListener("desk:opened", () => {
      for (const [name, value] of Object.entries(contents())) if (!(name in clean)) clean[name] = value;
    });
    const draft = read(place);
    if (notice.dataset.failed || !draft || asText(draft.values) === asText(clean)) return;
    notice.querySelector("time").textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
    notice.hidden = false;
    notice.querySelector("[data-do=restore]").addEventListener("click", () => restore(draft));
    notice.querySelector("[data-do=discard]").addEventListener("click", () => {
      localStorage.removeItem(place);
      notice.hidden = true;
    });
  });
}
