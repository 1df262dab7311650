// What every page adds with JavaScript on; each thing here works without it in another way.
(() => {
  "use strict";

  const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      const search = document.getElementById("q");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "Escape") {
      const menu = event.target.closest("details.menu[open]");
      if (!menu) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A menu closes when the reader clicks elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // A swap that replaces an open <details> opens its successor, and keeps the words typed beside it.
  let open = [];
  document.addEventListener("htmx:beforeSwap", () => {
    open = [...document.querySelectorAll("details[id][open]")].map((each) => each.id);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const id of open) {
      const again = document.getElementById(id);
      if (again) again.open = true;
    }
    open = [];
    // The link that was followed is gone: reading goes on at the top of what it brought.
    if (document.activeElement === document.body) {
      document.querySelector("[data-after-swap]")?.focus({ preventScroll: true });
    }
  });
})();
