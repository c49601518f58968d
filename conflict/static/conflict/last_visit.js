/* Offers the changes since the reader's last visit. The days stay in this browser; one is sent only if the link is used. */

const NAME = "last-visit"; // the day of the visit before this one, and the day of this one
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const today = new Date().toISOString().slice(0, 10);
try {
  const [before, latest] = (localStorage.getItem(NAME) ?? "").split(" ");
  const last = latest && latest !== today ? latest : before;
  const line = document.getElementById(NAME);
  if (DAY.test(last) && line) {
    const link = line.querySelector("a");
    const inWords = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
    link.href = `${link.getAttribute("href")}?since=${last}`;
    link.append(` (${inWords.format(new Date(last))})`);
    line.hidden = false;
  }
  localStorage.setItem(NAME, `${DAY.test(last) ? last : ""} ${today}`);
} catch {
  // storage is switched off: nothing is offered
}
