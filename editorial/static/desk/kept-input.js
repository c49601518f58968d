// Signing in renews the token that every form carries: the one of this page is brought up to date as it is sent.
"use strict";

const kept = document.querySelector("form[data-token-cookie]");
kept?.addEventListener("submit", () => {
  const start = `${kept.dataset.tokenCookie}=`;
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(start));
  if (cookie) kept.elements.csrfmiddlewaretoken.value = cookie.slice(start.length);
});
