/* Names of actors, places and periods while somebody types, misspellings forgiven. The form works without. */

const PAUSE = 180; // milliseconds without a key before anything is asked

for (const field of document.querySelectorAll("input[data-suggestions]")) {
  const list = Object.assign(document.createElement("datalist"), { id: `${field.id}-suggestions` });
  field.after(list);
  field.setAttribute("list", list.id);
  let waiting = 0;
  field.addEventListener("input", (event) => {
    clearTimeout(waiting);
    const words = field.value.trim();
    const wasChosen = !event.inputType || event.inputType === "insertReplacementText";
    if (words.length < 2 || wasChosen) return;
    waiting = setTimeout(() => suggest(field, list, words), PAUSE);
  });
}

async function suggest(field, list, words) {
  const answer = await fetch(`${field.dataset.suggestions}?${new URLSearchParams({ q: words })}`);
  if (!answer.ok || field.value.trim() !== words) return;
  const options = (await answer.json()).map(({ name, said }) => {
    return Object.assign(document.createElement("option"), { value: name, label: `${name} · ${said}` });
  });
  list.replaceChildren(...options);
}
