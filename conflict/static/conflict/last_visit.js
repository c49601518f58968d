/* Offers the changes since the reader's last visit. The day stays in this browser and is sent only if the link is used. */

const NAME = "last-visit";
const today = new Date().toISOString().slice(0, 10);
try {
  const last = localStorage.getItem(NAME);
  const line = document.getElementById(NAME);
  if (last && line) {
    const link = line.querySelector("a");
    link.href = `${link.getAttribute("href")}?since=${last}`;
    link.append(` (${last})`);
    line.hidden = false;
  }
  localStorage.setItem(NAME, today);
} catch {
  // storage is switched off: nothing is offered
}
