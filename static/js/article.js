// Moves from quote to quote in an article: j to the next, k to the one before.
(() => {
  "use strict";

  const places = [...document.querySelectorAll("[data-place]")].map((link) => link.dataset.place);
  if (!places.length) return;
  for (const hint of document.querySelectorAll(".key-hint")) hint.hidden = false;

  // A quote may be several marks, of which :target only reaches the first.
  const show = () => {
    const anchor = location.hash.slice(1);
    for (const mark of document.querySelectorAll("[data-quotes]")) {
      const here = anchor !== "" && mark.dataset.quotes.split(" ").includes(anchor);
      mark.classList.toggle("q-current", here);
    }
    for (const link of document.querySelectorAll("[data-place]")) {
      if (link.dataset.place === anchor) {
        link.setAttribute("aria-current", "location");
        link.scrollIntoView({ block: "nearest" });
      } else {
        link.removeAttribute("aria-current");
      }
    }
  };

  const go = (step) => {
    const here = places.indexOf(location.hash.slice(1));
    const next = here < 0 && step < 0 ? places.length - 1 : Math.min(Math.max(here + step, 0), places.length - 1);
    // Replaced, not pushed: Back leaves the article.
    location.replace(`#${places[next]}`);
    document.getElementById(places[next])?.focus({ preventScroll: true });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j") go(1);
    if (event.key === "k") go(-1);
  });
  window.addEventListener("hashchange", show);
  show();
})();
