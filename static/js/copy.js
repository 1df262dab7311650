// Buttons that copy a text of the page; without JavaScript a click on the text selects all of it.
(() => {
  "use strict";

  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  };

  const reveal = () => {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  };

  reveal();
  document.addEventListener("htmx:afterSettle", reveal);

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    select(text);
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      return; // Not allowed here; what is selected can be copied by key.
    }
    const said = button.firstChild;
    const before = said.textContent;
    if (before === "Copied") return;
    said.textContent = "Copied";
    setTimeout(() => {
      said.textContent = before;
    }, 2000);
  });
})();
