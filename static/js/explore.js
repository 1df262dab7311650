// What Explore adds with JavaScript on: lists narrowed by typing, names found by typing and taken by
// keys. Without it the lists are just long, and a form is sent for names.
(() => {
  "use strict";

  // -- A long list of issues or outlets is narrowed by typing -------------------------------------

  const reveal = () => {
    for (const field of document.querySelectorAll("[data-narrow]")) field.hidden = false;
  };
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  document.addEventListener("DOMContentLoaded", reveal);
  document.addEventListener("htmx:afterSettle", reveal);
  document.addEventListener("htmx:historyRestore", reveal);

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-narrow]")) return;
    const wanted = plain(event.target.value.trim());
    for (const option of event.target.parentElement.querySelectorAll(".option")) {
      option.hidden = !plain(option.querySelector(".option-label").textContent).includes(wanted);
    }
  });

  // What is typed here chooses nothing yet, so the form must not hear of it.
  document.addEventListener(
    "change",
    (event) => {
      if (event.target.matches("[data-narrow], [data-find]")) event.stopPropagation();
    },
    true,
  );

  // -- Names that are found: arrow keys move among them, Enter takes one, Escape ends it ----------

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-narrow]")) event.preventDefault();
    const box = event.target.closest(".facet-find");
    if (!box) return;
    const search = box.querySelector("[data-find]");
    const names = [...box.querySelectorAll("[data-found]")];
    const at = names.indexOf(event.target);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const to = at + (event.key === "ArrowDown" ? 1 : -1);
      (to < 0 ? search : names[Math.min(to, names.length - 1)])?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (at >= 0) event.target.click();
      else names[0]?.focus();
    } else if (event.key === "Escape" && (at >= 0 || search.value)) {
      event.preventDefault();
      search.value = "";
      search.dispatchEvent(new Event("input", { bubbles: true }));
      search.focus();
    }
  });

  // The name that was taken stands among the chosen ones now, and so does the focus.
  let taken = "";
  document.addEventListener("change", (event) => {
    taken = event.target.dataset.found ?? "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!taken || event.target.id !== "results") return;
    document.getElementById(taken)?.focus({ preventScroll: true });
    taken = "";
  });

})();
