// A long list of actors or speakers is narrowed by typing. Without JavaScript the list is just long.
(() => {
  "use strict";

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
      if (event.target.matches("[data-narrow]")) event.stopPropagation();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-narrow]")) event.preventDefault();
  });
})();
