// Tables of numbers are sorted by the column whose heading is pressed, the largest first, and by a
// second press the smallest. What is not known stays last.
"use strict";
(() => {
  const valueOf = (cell) => Number.parseFloat(cell.textContent.replaceAll("−", "-").replace(/[$,+]/g, ""));

  // A row and the line that unfolds beneath it stay together.
  function pairs(body) {
    const found = [];
    for (const row of body.rows) {
      if (row.previousElementSibling?.classList.contains("folded")) found.at(-1).push(row);
      else found.push([row]);
    }
    return found;
  }

  function sort(table, at, sign) {
    const body = table.tBodies[0];
    const rows = pairs(body).map((lines) => ({ lines, value: valueOf(lines[0].cells[at]) }));
    rows.sort((a, b) => Number.isNaN(a.value) - Number.isNaN(b.value) || sign * (a.value - b.value) || 0);
    body.append(...rows.flatMap(({ lines }) => lines));
  }

  const start = () => {
    for (const table of document.querySelectorAll("details.numbers:not(#week) table, table.sorted")) {
      [...table.tHead.rows[0].cells].forEach((head, at) => {
        if (!head.classList.contains("n")) return;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "sort";
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => {
          const down = head.getAttribute("aria-sort") !== "descending";
          table.querySelector("[aria-sort]")?.removeAttribute("aria-sort");
          head.setAttribute("aria-sort", down ? "descending" : "ascending");
          sort(table, at, down ? -1 : 1);
        });
      });
    }
  };
  if (window.OUTLOOK?.whole) window.OUTLOOK.whole.then(start);
  else start();
})();
