// Keys for judging quotes: every control that has one names it in data-key, and works without it.
(() => {
  "use strict";

  // While a request is on its way, and until what it brought is wired up.
  const busy = () => document.querySelector("form.htmx-request, .htmx-added, .htmx-settling");
  const keysOn = () => localStorage.getItem("single-keys") !== "off";
  const typing = (element) => element.matches("select, textarea, [contenteditable], input:not([type=checkbox], [type=radio])");

  const press = (control) => {
    if (control.dataset.opens) {
      const box = document.getElementById(control.dataset.opens);
      box.open = true;
      box.querySelector("textarea, input").focus();
    } else if (control.dataset.shows) {
      document.getElementById(control.dataset.shows).showModal();
    } else {
      control.click();
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    // A repair that is open has the keys for itself: see repair.js.
    if (document.querySelector("dialog[open], .repair")) return;
    if (event.key === "Escape" && typing(event.target)) {
      // Out of the field, back to the keys.
      event.target.blur();
      return;
    }
    if (!keysOn() || typing(event.target)) return;
    // With Shift a digit's key says something else in every layout: its place tells which it is.
    const digit = event.shiftKey && /^Digit[0-4]$/.test(event.code) ? event.code.at(-1) : "";
    const control = document.querySelector(`[data-key="${CSS.escape(digit || event.key)}"]`);
    // A second press while the first is on its way would judge a quote that nobody has read yet.
    if (!control || busy()) return;
    event.preventDefault();
    const unsure = digit && control.closest("form")?.querySelector("[data-unsure]");
    if (unsure) unsure.checked = true;
    press(control);
  });

  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-opens], [data-shows]");
    if (control) {
      event.preventDefault();
      press(control);
    }
  });

  // What JavaScript adds to the page.
  const enhance = () => {
    for (const each of document.querySelectorAll("[data-with-keys], [data-shows]")) each.hidden = false;
    document.documentElement.classList.toggle("keys-off", !keysOn());
    for (const each of document.querySelectorAll("[data-single-keys]")) each.checked = keysOn();
  };

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-single-keys]")) return;
    localStorage.setItem("single-keys", event.target.checked ? "on" : "off");
    enhance();
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
    enhance();
    if (event.target.id === "work") show();
  });
  enhance();
  if (beside.matches) show();
})();
