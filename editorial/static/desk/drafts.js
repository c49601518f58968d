// What is typed into a form of the desk is kept in this browser until the desk has taken it, for the account that typed it.
// Each opened form has an id, and a draft of its own under it: two windows of one form keep two drafts. The desk names in a
// cookie the form that it took. Leaving with unsaved input asks first. Without this script the forms work as before.
"use strict";

const offer = document.getElementById("draft-notice");
const PREFIX = "desk-draft:";
const TAKEN = "desk_taken";
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;
const LANGUAGE = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const OFFERED = 5; // drafts of one form
const PRESSED_TWICE = 5000; // milliseconds within which a second press of a button is the first one again

const ofDrafts = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};

const taken = document.cookie.match(new RegExp(`(?:^|; )${TAKEN}=([a-z0-9]+)`))?.[1];
if (taken) document.cookie = `${TAKEN}=; Max-Age=0; Path=/; SameSite=Lax`;
for (const name of ofDrafts()) {
  const draft = read(name);
  if (!draft || Date.now() - draft.at > KEPT_FOR || (taken && name.endsWith(`#${taken}`))) localStorage.removeItem(name);
}
document.getElementById("logout-form")?.addEventListener("submit", () => {
  for (const name of ofDrafts()) localStorage.removeItem(name);
});

const newId = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
const UNTOUCHED = /^(csrfmiddlewaretoken|edition|initial-.*|_draft|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$/;
const isTyped = (input) =>
  input.name && !UNTOUCHED.test(input.name) && !input.name.includes("__prefix__") &&
  !["submit", "button", "file", "password", "hidden"].includes(input.type);
// Boxes of one question share a name, so their value tells them apart.
const keyOf = (input) =>
  input.type === "checkbox" && input.value !== "on" ? `${input.name}=${input.value}` : input.name;
const valueOf = (input) => {
  if (input.type === "checkbox" || input.type === "radio") return input.checked;
  return input.tagName === "SELECT" ? [...input.selectedOptions].map((option) => [option.value, option.text]) : input.value;
};
// What the desk sent, whatever the browser has filled in since.
const sentValueOf = (input) => {
  if (input.type === "checkbox" || input.type === "radio") return input.defaultChecked;
  if (input.tagName !== "SELECT") return input.defaultValue;
  const chosen = [...input.options].filter((option) => option.defaultSelected);
  const shown = chosen.length || input.multiple ? chosen : [...input.options].slice(0, 1);
  return shown.map((option) => [option.value, option.text]);
};
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const put = (input, value) => {
  if (input.type === "checkbox" || input.type === "radio") input.checked = value === true;
  else if (input.tagName === "SELECT" && Array.isArray(value)) {
    const chosen = value.map(([key]) => key);
    for (const [key, text] of value) {
      if (![...input.options].some((option) => option.value === key)) input.add(new Option(text, key));
    }
    for (const option of input.options) option.selected = chosen.includes(option.value);
  } else input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  (window.django?.jQuery ? window.django.jQuery(input) : input).trigger?.("change");
};

// Rows of a formset are told by their numbers in the database, new ones by their order: others may have been added since.
const ROW = /^(.+)-(\d+)-(.+)$/;
const rowsOf = (form) => {
  const rows = {};
  for (const counter of form.querySelectorAll("[name$='-INITIAL_FORMS']")) {
    const prefix = counter.name.replace("-INITIAL_FORMS", "");
    const total = Number(form.elements[`${prefix}-TOTAL_FORMS`]?.value ?? 0);
    const ids = Array.from({ length: Number(counter.value) }, (_, at) => form.elements[`${prefix}-${at}-id`]?.value ?? "");
    rows[prefix] = { ids, added: total - ids.length };
  }
  return rows;
};
// Name in the form as it is now of an input as the draft knew it; null if its row is gone.
const nameNow = (name, then, now) => {
  const [, prefix, number, field] = name.match(ROW) ?? [];
  if (!prefix || !then[prefix] || !now[prefix]) return name;
  const id = then[prefix].ids[number];
  const at = id === undefined ? number - then[prefix].ids.length + now[prefix].ids.length : now[prefix].ids.indexOf(id);
  return at < 0 ? null : `${prefix}-${at}-${field}`;
};

// A form that the browser filled in again, or that was opened twice, makes no second draft of the same words.
const isWithin = (one, other) => Object.entries(one.values).every(([name, value]) => isSame(value, other.values[name]));
const draftsAt = (place) =>
  ofDrafts().filter((name) => name.startsWith(`${place}#`)).map((name) => [name, read(name)]).filter(([, draft]) => draft?.rows);

const keepFor = (form, place) => {
  const inputs = () => [...form.elements].filter(isTyped);
  const contents = () => Object.fromEntries(inputs().map((input) => [keyOf(input), valueOf(input)]));
  const asSent = () => Object.fromEntries(inputs().map((input) => [keyOf(input), sentValueOf(input)]));
  const isUnsaved = form.matches("[data-unsaved]") || form.querySelector(".errornote, .errorlist, .meanwhile");

  // A form that was refused is still the one that was sent.
  let id = (isUnsaved && sessionStorage.getItem(place)) || newId();
  const sentWith = document.createElement("input");
  Object.assign(sentWith, { type: "hidden", name: "_draft", value: id });
  form.append(sentWith);

  // A browser that goes back would put what was typed then over what others have saved since.
  form.autocomplete = "off";

  let sentAt = 0;
  const clean = isUnsaved ? {} : asSent();
  const typed = () => Object.fromEntries(Object.entries(contents()).filter(([name, value]) => !isSame(value, clean[name])));
  const keep = () => {
    const values = typed();
    if (!Object.keys(values).length) return;
    const draft = { at: Date.now(), values, rows: rowsOf(form), edition: form.elements.edition?.value };
    if (draftsAt(place).some(([name, other]) => name !== `${place}#${id}` && isWithin(draft, other))) return;
    try {
      localStorage.setItem(`${place}#${id}`, JSON.stringify(draft));
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
  form.addEventListener("submit", (event) => {
    if (Date.now() - sentAt < PRESSED_TWICE) {
      event.preventDefault();
      return;
    }
    sentAt = Date.now();
    sessionStorage.setItem(place, id);
    keep();
  });
  window.addEventListener("pageshow", () => {
    sentAt = 0; // come back to, by the button of the browser
  });
  window.addEventListener("beforeunload", (event) => {
    if (Date.now() - sentAt > PRESSED_TWICE && Object.keys(typed()).length) {
      keep();
      event.preventDefault();
    }
  });

  const restore = async (name, draft, notice) => {
    const now = rowsOf(form);
    const values = {};
    const gone = [];
    const lacks = (value) => typeof value === "string" && value && gone.push(value);
    for (const [input, value] of Object.entries(draft.values)) {
      const known = nameNow(input, draft.rows, now);
      if (known) values[known] = value;
      else lacks(value);
    }
    const putAll = () => {
      for (const input of inputs()) {
        if (keyOf(input) in values && !isSame(valueOf(input), values[keyOf(input)])) put(input, values[keyOf(input)]);
      }
    };
    if (draft.edition && form.elements.edition) form.elements.edition.value = draft.edition; // whoever saved since is shown
    putAll();
    const cards = new Set(Object.keys(values).map((input) => input.match(ROW)).filter(Boolean).map((row) => `${row[1]}-${row[2]}`));
    await Promise.allSettled([...cards].map((card) => window.deskCards?.open(card)));
    for (const [prefix, { added }] of Object.entries(draft.rows)) {
      const add = document.getElementById(`${prefix}-group`)?.querySelector(".add-row a");
      for (let tries = 0; add && rowsOf(form)[prefix].added < added && tries < 500; tries += 1) add.click();
    }
    putAll();
    for (const fold of form.querySelectorAll("details")) if (fold.querySelector("textarea")?.value) fold.open = true;
    const here = contents();
    for (const [input, value] of Object.entries(values)) if (!(input in here)) lacks(value);
    if (!gone.length) {
      localStorage.removeItem(name);
      id = sentWith.value = name.slice(name.lastIndexOf("#") + 1);
      notice.remove();
    } else {
      notice.querySelector("p").hidden = true;
      const told = notice.querySelector(".gone");
      told.hidden = false;
      told.append(gone.join(" · "));
    }
    keep();
  };

  const offerDraft = (name, draft) => {
    form.closest("details")?.setAttribute("open", "");
    form.prepend(offer.content.cloneNode(true));
    const notice = form.firstElementChild;
    const words = Object.values(draft.values).filter((value) => typeof value === "string");
    const longest = words.reduce((one, other) => (other.length > one.length ? other : one), "");
    notice.querySelector("time").textContent = new Date(draft.at).toLocaleString(LANGUAGE, { dateStyle: "long", timeStyle: "short" });
    notice.querySelector(".files").hidden = !form.querySelector("input[type=file]");
    notice.querySelector("q").textContent = longest.length > 60 ? `${longest.slice(0, 60)}…` : longest;
    notice.querySelector("[data-do=restore]").addEventListener("click", () => restore(name, draft, notice));
    notice.querySelector("[data-do=discard]").addEventListener("click", () => {
      localStorage.removeItem(name);
      notice.remove();
    });
  };

  window.addEventListener("load", () => {
    form.addEventListener("desk:opened", () => {
      for (const [name, value] of Object.entries(asSent())) if (!(name in clean)) clean[name] = value;
    });
    if (isUnsaved) return;
    const shown = contents();
    const now = rowsOf(form);
    const all = draftsAt(place);
    const drafts = all.filter(([name, draft]) => {
      const differs = ([input, value]) => !isSame(value, shown[nameNow(input, draft.rows, now)]);
      const repeats = ([another, other]) => isWithin(draft, other) && (another > name || !isWithin(other, draft));
      const isRepeated = all.some((one) => one[0] !== name && repeats(one));
      return !isRepeated && Object.entries(draft.values).some(differs);
    });
    drafts.sort(([, one], [, other]) => one.at - other.at);
    for (const [name, draft] of drafts.slice(-OFFERED)) offerDraft(name, draft);
  });
};

// What is pasted goes in whole: the desk refuses in words what is too long, where a browser would cut it without any.
for (const input of document.querySelectorAll("#content form[method='post'] [maxlength]")) input.removeAttribute("maxlength");

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
