// While a form is open: how a date is read, entries that may be the same, and who else is at this one. Without this script
// the first two are said on saving, and the third when the form is opened.
"use strict";

const place = document.getElementById("alike");
const asked = (values) =>
  fetch(`${place.dataset.hints}?${new URLSearchParams(values)}`, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null);

const soon = (work) => {
  let waiting = 0;
  return (...given) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => work(...given), 400);
  };
};

if (place?.dataset.hints) {
  const form = place.closest("form");

  const echo = soon(async (input) => {
    const told = input.parentElement.querySelector(".understood");
    const answer = await asked({ date: input.value });
    if (told && answer) told.textContent = answer.understood;
  });

  const NAMES = ["title", "name", "when", "url", "doi", "look_up_by"];
  const compare = soon(async () => {
    const values = { kind: place.dataset.kind, pk: place.dataset.pk };
    for (const name of NAMES) if (form.elements[name]?.value) values[name] = form.elements[name].value;
    const answer = await asked(values);
    if (!answer) return;
    document.dispatchEvent(new CustomEvent("desk:period", { detail: answer.period }));
    place.hidden = !answer.alike.length;
    place.querySelector("ul").replaceChildren(
      ...answer.alike.map(({ label, address }) => {
        const link = Object.assign(document.createElement("a"), { href: address, target: "_blank", textContent: label });
        const item = document.createElement("li");
        item.append(link);
        return item;
      }),
    );
  });

  form.addEventListener("input", ({ target }) => {
    if (target.parentElement?.querySelector(".understood")) echo(target);
    if (NAMES.includes(target.name)) compare();
  });

  const present = document.getElementById("presence");
  const look = async () => {
    const answer = document.hidden ? null : await asked({ kind: place.dataset.kind, present: place.dataset.pk });
    const told = [...(present?.children ?? [])].map((one) => one.textContent);
    if (!answer || String(answer.presence) === String(told)) return;
    present.replaceChildren(
      ...answer.presence.map((sentence) => Object.assign(document.createElement("p"), { className: "warning-box", textContent: sentence })),
    );
  };
  if (present && place.dataset.pk) setInterval(look, 60_000);
}
