// What an event's form knows already is one press away in its other fields: who took part, who spoke and what is cited in
// the claims, the usual measures and relations, the period that holds the date. Without this script it is found by typing, as anything else.
"use strict";

const OFFERED_AT_ONCE = 8;
const USUAL = { measure: ["killed", "wounded", "captured"], relation: ["contradicts", "confirms", "revises"] };

const offersIn = (select, found) => {
  const around = select.matches(".select2-hidden-accessible") ? ".fieldBox, .flex-container" : ".form-row";
  const field = select.closest(around) ?? select.parentElement;
  const box = field.querySelector(":scope > .suggestions") ?? field.appendChild(Object.assign(document.createElement("div"), { className: "suggestions" }));
  const chosen = new Set([...select.selectedOptions].map((option) => option.value).filter(Boolean));
  const open = select.multiple || !chosen.size ? [...found].filter(([value]) => !chosen.has(value)).slice(0, OFFERED_AT_ONCE) : [];
  const now = [...box.children].map((button) => button.value);
  if (String(now) === String(open.map(([value]) => value))) return;
  box.replaceChildren(
    ...open.map(([value, text]) => {
      const words = text.split(" · ")[0];
      const button = Object.assign(document.createElement("button"), { type: "button", value, textContent: words, title: text });
      button.setAttribute("aria-label", `${select.getAttribute("aria-label") ?? ""} ${words}`.trim());
      button.addEventListener("click", () => {
        const option = [...select.options].find((one) => one.value === value) ?? select.appendChild(new Option(text, value));
        option.selected = true;
        window.django.jQuery(select).trigger("change");
        const next = select.name.endsWith("-measure") && select.form.elements[select.name.replace("measure", "low")];
        (next || field.querySelector(".select2-selection"))?.focus();
      });
      return button;
    }),
  );
};

const chosenIn = (group, field) => {
  const selects = document.querySelectorAll(`#${group} tr:not(.empty-form) select[name$='-${field}']`);
  const options = [...selects].flatMap((select) => [...select.selectedOptions]).filter((option) => option.value);
  return new Map(options.map((option) => [option.value, option.text]));
};

// Actors in this role in the claims, those that are shown as text and those that are forms.
const said = (role) => {
  const shown = [...document.querySelectorAll(`#claims-group [data-${role}]`)].map((one) => [one.dataset[role], one.textContent]);
  const selects = document.querySelectorAll(`#claims-group .inline-related:not(.empty-form) select[name$='-${role}']`);
  const chosen = [...selects].flatMap((select) => [...select.selectedOptions]).map((option) => [option.value, option.text]);
  return new Map([...shown, ...chosen]);
};

const usual = (name) => {
  const options = document.querySelector(`#claims-group select[name$='-${name}']`)?.options ?? [];
  return new Map([...options].filter(({ value }) => USUAL[name].includes(value)).map(({ value, text }) => [value, text]));
};

const inClaims = () => {
  const present = chosenIn("participations-group", "actor");
  const found = {
    claimant: new Map([...present, ...said("claimant")]),
    relay: said("relay"),
    subject: new Map([...present, ...said("subject")]),
    source: chosenIn("citations-group", "source"),
    measure: usual("measure"),
    relation: usual("relation"),
  };
  for (const [name, rows] of Object.entries(found)) {
    const selects = document.querySelectorAll(`#claims-group .inline-related:not(.empty-form) select[name$='-${name}']`);
    for (const select of selects) offersIn(select, rows);
  }
};

window.addEventListener("load", () => {
  const form = document.getElementById("event_form");
  if (!form) return;
  const soon = () => setTimeout(inClaims, 0); // after the inputs have been made ready
  window.django.jQuery(form).on("change", "select", soon); // select2 tells jQuery alone
  form.addEventListener("desk:opened", soon);
  document.addEventListener("formset:added", soon);
  document.addEventListener("formset:removed", soon);
  inClaims();

  document.addEventListener("desk:period", ({ detail }) => {
    const select = form.elements.period;
    if (select) offersIn(select, detail ? [[String(detail.id), detail.label]] : []);
  });
});
