// Keys for judging quotes: every control that has one names it in data-key, and works without it.
(() => {
  "use strict";

  const busy = () => document.querySelector("form[data-keys].htmx-request, form.htmx-request");
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
    if (event.key === "Escape" && typing(event.target)) {
      // Out of the field, back to the keys.
      const cancel = event.target.closest(".repair")?.querySelector("[data-cancel]");
      if (cancel) closeRepair(cancel);
      else event.target.blur();
      return;
    }
    if (!keysOn() || typing(event.target) || document.querySelector("dialog[open]")) return;
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
    const cancel = event.target.closest("#work [data-cancel]");
    if (cancel) {
      event.preventDefault();
      closeRepair(cancel);
    }
  });

  const closeRepair = (cancel) => {
    const repair = cancel.closest("#repair");
    if (!document.getElementById("work")) {
      cancel.click();
      return;
    }
    repair.replaceChildren();
    repair.className = "";
    document.getElementById("progress")?.focus({ preventScroll: true });
  };

  // -- Repairing the words: the ends move word by word through the article's text. --------------

  const wordStarts = (text) => [...text.matchAll(/\S+/g)].map((match) => [match.index, match.index + match[0].length]);

  const place = (article, words) => {
    const near = Number(article.dataset.article);
    const text = article.value;
    let best = -1;
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      if (best < 0 || Math.abs(at - near) < Math.abs(best - near)) best = at;
    }
    return best;
  };

  const move = (form, field, what) => {
    const article = form.querySelector("[data-article]");
    const start = place(article, field.value);
    if (start < 0) return;
    const text = article.value;
    const words = wordStarts(text);
    let [from, to] = [start, start + field.value.length];
    if (what === "end-on") to = words.find(([, end]) => end > to)?.[1] ?? to;
    if (what === "end-back") to = words.findLast(([, end]) => end < to && end > from)?.[1] ?? to;
    if (what === "start-back") from = words.findLast(([begin]) => begin < from)?.[0] ?? from;
    if (what === "start-on") from = words.find(([begin]) => begin > from && begin < to)?.[0] ?? from;
    field.value = text.slice(from, to);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const form = button.closest("form");
    move(form, form.querySelector("textarea.chosen") ?? form.querySelector("textarea[name=part]"), button.dataset.move);
  });

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("[data-words]");
    if (!form || event.target.name !== "part") return;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      move(form, event.target, `${event.shiftKey ? "start" : "end"}-${event.key === "ArrowRight" ? "on" : "back"}`);
    }
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.name !== "part") return;
    for (const each of document.querySelectorAll("textarea.chosen")) each.classList.remove("chosen");
    event.target.classList.add("chosen");
  });

  // -- What JavaScript adds to the page ----------------------------------------------------------

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
    if (event.target.id === "repair") {
      event.target.scrollIntoView({ block: "nearest" });
      event.target.querySelector("[data-focus]")?.focus();
    } else if (event.target.closest(".annotate")) {
      show();
    }
  });
  enhance();
  if (beside.matches) show();
})();
