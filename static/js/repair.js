// Repairing a quote: which words it is, moved by keys, clicks or buttons; who said it, by what is typed.
(() => {
  "use strict";

  const repairAt = (element) => element.closest(".repair");
  const isField = (element) => element.matches("textarea, select, input:not([type=checkbox], [type=radio])");

  // -- Opening and closing it in the annotator ----------------------------------------------------

  let opener = "";

  const close = () => {
    const repair = document.querySelector("#work .repair");
    if (!repair) return;
    const empty = document.createElement("div");
    empty.id = "repair";
    repair.replaceWith(empty);
    (document.querySelector(`#work [data-key="${opener}"]`) ?? document.getElementById("progress"))?.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#work [data-cancel]")) return;
    event.preventDefault();
    close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !document.querySelector("#work .repair") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    close();
  });

  // -- Which words --------------------------------------------------------------------------------

  const wordsOf = (form) => [...form.querySelectorAll(".word")];
  const fieldsOf = (form) => [...form.querySelectorAll("[name=part]")];

  // The first and the last word of each part, by the numbers that the page gave them.
  const partsOf = (form) => {
    const parts = [];
    wordsOf(form).forEach((word, at) => {
      if (word.dataset.part === undefined) return;
      const part = (parts[word.dataset.part] ??= { first: at, last: at });
      part.last = at;
    });
    return parts;
  };

  const activeOf = (form, parts) => (form.dataset.active in parts ? Number(form.dataset.active) : Number(Object.keys(parts)[0] ?? -1));

  // Marks the words of every part anew, the one that moves most strongly.
  const mark = (form, parts) => {
    const active = activeOf(form, parts);
    form.dataset.active = active;
    wordsOf(form).forEach((word, at) => {
      const part = parts.findIndex((each) => each && each.first <= at && at <= each.last);
      const gap = word.previousElementSibling;
      if (part < 0) delete word.dataset.part;
      else word.dataset.part = part;
      word.classList.toggle("chosen", part >= 0);
      gap.classList.toggle("chosen", part >= 0 && at > parts[part].first);
      for (const each of [word, gap]) each.classList.toggle("active", part === active && parts.length > 1);
    });
  };

  const textOf = (words, { first, last }) => {
    const range = document.createRange();
    range.setStartBefore(words[first]);
    range.setEndAfter(words[last]);
    return range.toString().replace(/\s+/g, " ");
  };

  const choose = (form, parts, number, first, last, moved) => {
    const words = wordsOf(form);
    parts[number] = { first, last };
    form.dataset.active = number;
    mark(form, parts);
    const field = fieldsOf(form)[number];
    field.value = textOf(words, parts[number]);
    field.closest(".field").querySelector("[name=near]").value = words[first].dataset.start;
    const said = field.value.split(" ");
    form.querySelector("[data-said]").textContent = `${said.length} words, from “${said.slice(0, 3).join(" ")}” to “${said.slice(-3).join(" ")}”`;
    keepInView(form.querySelector("[data-passage]"), words[moved]);
  };

  const keepInView = (box, word) => {
    const [outer, inner] = [box.getBoundingClientRect(), word.getBoundingClientRect()];
    if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top + inner.height;
    if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom + inner.height;
  };

  // How far a part may reach: to the parts beside it, which never overlap.
  const limits = (form, parts, number) => {
    const others = parts.filter((each, at) => each && at !== number);
    const { first, last } = parts[number];
    return [
      Math.max(0, ...others.filter((each) => each.last < first).map((each) => each.last + 1)),
      Math.min(wordsOf(form).length - 1, ...others.filter((each) => each.first > last).map((each) => each.first - 1)),
    ];
  };

  const move = (form, what) => {
    const parts = partsOf(form);
    const number = activeOf(form, parts);
    if (number < 0) return;
    let { first, last } = parts[number];
    const [lowest, highest] = limits(form, parts, number);
    if (what === "start-back") first = Math.max(lowest, first - 1);
    if (what === "start-on") first = Math.min(last, first + 1);
    if (what === "end-back") last = Math.max(first, last - 1);
    if (what === "end-on") last = Math.min(highest, last + 1);
    choose(form, parts, number, first, last, what.startsWith("start") ? first : last);
  };

  const switchPart = (form, step) => {
    const parts = partsOf(form);
    const known = Object.keys(parts).map(Number);
    const at = known.indexOf(activeOf(form, parts)) + step;
    if (!(at in known)) return;
    form.dataset.active = known[at];
    mark(form, parts);
    keepInView(form.querySelector("[data-passage]"), wordsOf(form)[parts[known[at]].first]);
  };

  // Dragged over: these words. Clicked: the nearer end comes here, or the part that it belongs to.
  const take = (form, target) => {
    const parts = partsOf(form);
    const number = activeOf(form, parts);
    if (number < 0) return;
    const words = wordsOf(form);
    const [lowest, highest] = limits(form, parts, number);
    const selection = getSelection();
    if (!selection.isCollapsed) {
      const range = selection.getRangeAt(0);
      const dragged = words.map((word, at) => (range.intersectsNode(word) ? at : -1)).filter((at) => lowest <= at && at <= highest);
      selection.removeAllRanges();
      if (dragged.length) choose(form, parts, number, dragged[0], dragged.at(-1), dragged.at(-1));
      return;
    }
    const at = words.indexOf(target.closest(".word"));
    if (at < 0) return;
    const other = parts.findIndex((each, which) => each && which !== number && each.first <= at && at <= each.last);
    if (other >= 0) {
      form.dataset.active = other;
      mark(form, parts);
    } else if (lowest <= at && at <= highest) {
      const { first, last } = parts[number];
      if (Math.abs(at - first) < Math.abs(at - last)) choose(form, parts, number, at, last, at);
      else choose(form, parts, number, first, at, at);
    }
  };

  document.addEventListener("click", (event) => {
    const form = event.target.closest("[data-words]");
    if (!form) return;
    const button = event.target.closest("[data-move]");
    if (button) move(form, button.dataset.move);
    // The second click of two selects a word in the browser's own way, which is no drag.
    else if (event.target.closest("[data-passage]") && event.detail < 2) take(form, event.target);
  });

  const STEPS = { ArrowLeft: "back", ArrowRight: "on" };

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("[data-words]");
    if (!form) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in STEPS) {
      event.preventDefault();
      move(form, `${event.shiftKey ? "start" : "end"}-${STEPS[event.key]}`);
    } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && partsOf(form).length > 1) {
      event.preventDefault();
      switchPart(form, event.key === "ArrowUp" ? -1 : 1);
    } else if (event.key === "Enter" && event.target.matches("[data-passage]")) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  // What is typed is no longer what is marked.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-words]");
    if (!form || event.target.name !== "part") return;
    form.querySelector("[data-passage]").classList.add("overruled");
  });

  // -- Who said it --------------------------------------------------------------------------------

  const choicesOf = (repair) => [...repair.querySelectorAll(".voice-choice")];
  let takesFirst = false;

  document.addEventListener("keydown", (event) => {
    const repair = repairAt(event.target);
    const search = repair?.querySelector("[data-find] input[type=search]");
    if (!search || event.ctrlKey || event.metaKey || event.altKey) return;
    const choices = choicesOf(repair);
    const at = choices.indexOf(event.target);
    if (event.target !== search && at < 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const to = at + (event.key === "ArrowDown" ? 1 : -1);
      (to < 0 ? search : choices[Math.min(to, choices.length - 1)])?.focus();
    } else if (event.key.length === 1 && event.key !== " " && at >= 0) {
      // Typing goes on in the field, wherever the choice has come to.
      search.focus();
      search.setSelectionRange(search.value.length, search.value.length);
    }
  });

  // Enter in the field goes to the first name found; another Enter takes it.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-find]")) return;
    event.preventDefault();
    const search = event.target.querySelector("input[type=search]");
    takesFirst = true;
    search.dispatchEvent(new Event("find"));
  });

  // -- What comes in ------------------------------------------------------------------------------

  const enhance = (repair) => {
    for (const each of repair.querySelectorAll("[data-with-keys]")) each.hidden = false;
    for (const each of repair.querySelectorAll("[data-closes]")) each.open = false;
    const form = repair.querySelector("[data-words]");
    if (form) {
      mark(form, partsOf(form));
      const [box, first] = [form.querySelector("[data-passage]"), form.querySelector(".word.chosen")];
      // Some lines before the quote stay in sight.
      if (first) box.scrollTop += first.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
    }
    repair.querySelector("[data-focus]")?.focus();
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const key = event.target.dataset.key;
    if (key === "e" || key === "s") opener = key;
  });

  // A judgement that was begun is not lost when the quote comes back repaired.
  let begun = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const form = document.querySelector("#work .repair") && document.querySelector("#work form[data-keys]");
    begun = form && { quote: form.elements.quote.value, note: form.elements.note.value, unsure: form.elements.unsure.checked };
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const form = document.querySelector("#work form[data-keys]");
    if (event.target.id === "work" && begun && form?.elements.quote.value === begun.quote) {
      form.elements.note.value = begun.note;
      form.elements.unsure.checked = begun.unsure;
      if (begun.note) document.getElementById("note-box").open = true;
    }
    if (event.target.id === "repair" && event.target.matches(".repair")) {
      enhance(event.target);
      event.target.scrollIntoView({ block: "nearest" });
    }
    if (event.target.id === "voices" && takesFirst) {
      takesFirst = false;
      event.target.querySelector(".voice-choice")?.focus();
    }
  });

  const repair = document.querySelector(".repair");
  if (repair) enhance(repair);
})();
