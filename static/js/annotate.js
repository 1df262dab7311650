// Keys for judging quotes: every control that has one names it in data-key, and works without it.
(() => {
  "use strict";

  const busy = () => document.querySelector("form[data-keys].htmx-request");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.matches("select, textarea, [contenteditable], input:not([type=checkbox])")) return;
    const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    // A second press while the first is on its way would judge a quote that nobody has read yet.
    if (!control || busy()) return;
    event.preventDefault();
    control.click();
  });

  // Beside the panel the quote at hand stands in the middle; on a phone the panel comes first.
  const beside = matchMedia("(width >= 60rem)");
  const show = () => {
    const mark = document.querySelector(".annotate .q-current");
    if (!mark) return;
    if (!beside.matches) {
      scrollTo({ top: 0 });
      return;
    }
    const { top, bottom } = mark.getBoundingClientRect();
    if (top < 80 || bottom > innerHeight) mark.scrollIntoView({ block: "center" });
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.closest(".annotate")) show();
  });
  if (beside.matches) show();
})();
