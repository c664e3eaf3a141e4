"use strict";
(function () {
  const filter = document.getElementById("filter");
  const input = filter.querySelector("input");
  const output = filter.querySelector("output");
  const items = Array.from(document.querySelectorAll(".row, .group, tbody tr"), (element) => ({
    element,
    text: null,
  }));

  function show() {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const item of items) {
      if (wanted && item.text === null) {
        const card = item.element.closest(".card");
        item.text = (item.element.textContent + (card ? card.firstChild.textContent : "")).toLowerCase();
      }
      item.element.hidden = wanted !== "" && !item.text.includes(wanted);
      shown += item.element.hidden ? 0 : 1;
    }
    for (const card of document.querySelectorAll(".card")) {
      card.hidden = card.querySelector(".group:not([hidden])") === null;
    }
    output.textContent = wanted ? shown + " of " + items.length + " entries" : "";
  }

  function openTarget() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") {
      for (let each = target; each; each = each.parentElement.closest("details")) {
        each.open = true;
      }
      target.querySelector("summary").focus();
    }
  }

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.value = "";
      show();
    }
  });
  window.addEventListener("hashchange", openTarget);

  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details.group:not([open]), details.row.leaks:not([open])"));
    closed.forEach((each) => { each.open = true; });
  });
  window.addEventListener("afterprint", () => closed.forEach((each) => { each.open = false; }));

  filter.hidden = false;
  openTarget();
  document.documentElement.dataset.ready = "yes";
})();
