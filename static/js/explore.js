// What Explore adds with JavaScript on: lists narrowed by typing, names found by typing and taken by
// keys, and a range of dates dragged over the bars. Without it the lists are just long, a form is
// sent for names, and the two date fields say the range.
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

  // -- A range of dates is dragged over the bars --------------------------------------------------

  let drag = null;
  const barAt = (x) => {
    const bars = [...drag.chart.querySelectorAll("a")];
    const place = bars.findIndex((bar) => x < bar.querySelector(".bar-room").getBoundingClientRect().right);
    return place < 0 ? bars.length - 1 : place;
  };
  const mark = () => {
    const [first, last] = [drag.from, drag.to].sort((a, b) => a - b);
    [...drag.chart.querySelectorAll("a")].forEach((bar, place) => {
      bar.classList.toggle("dragged", drag.moved && place >= first && place <= last);
    });
    return [first, last];
  };

  document.addEventListener("pointerdown", (event) => {
    const chart = event.target.closest(".histogram svg");
    if (!chart || event.button !== 0) return;
    drag = { chart, moved: false, id: event.pointerId };
    drag.from = drag.to = barAt(event.clientX);
  });
  document.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drag?.id) return;
    drag.to = barAt(event.clientX);
    // Within one bar it is a click, however unsteady the hand.
    drag.moved ||= drag.to !== drag.from;
    mark();
  });
  const give = (event) => {
    if (event.pointerId === drag?.id) {
      drag.moved = false;
      mark();
      drag = null;
    }
  };
  document.addEventListener("pointercancel", give);
  document.addEventListener("pointerup", (event) => {
    if (event.pointerId !== drag?.id || !drag.moved) return give(event);
    const bars = [...drag.chart.querySelectorAll("a")];
    const [first, last] = mark();
    const asked = (place) => new URLSearchParams(bars[place].getAttribute("href"));
    const [from, to] = [document.getElementById("from"), document.getElementById("to")];
    from.value = asked(first).get("from");
    to.value = asked(last).get("to");
    drag = null;
    // The click that follows on the bar beneath is part of the drag.
    const stop = (click) => {
      click.preventDefault();
      click.stopPropagation();
    };
    document.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", stop, { capture: true }));
    to.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // A bar is a link, which the browser would drag away.
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest?.(".histogram")) event.preventDefault();
  });
})();
