// One printed page for the client: the short answers, the first career paths, room for notes.
"use strict";
(() => {
  const sheet = document.getElementById("handout");
  const button = document.getElementById("handout-print");
  const WAYS = 4;
  if (!sheet || !button) return;

  function fill() {
    const form = document.getElementById("client-form");
    const words = [...form.querySelectorAll("select")].map((choice) => {
      const name = form.querySelector(`label[for="${choice.id}"]`).textContent.toLowerCase();
      return `${name}: ${choice.selectedOptions[0].textContent}`;
    });
    const held = [...form.querySelectorAll("[name=credential]:checked")].map((tick) => tick.value);
    if (held.length) words.push(`credentials held: ${held.join(", ")}`);
    document.getElementById("handout-choices").textContent = `Chosen: ${words.join("; ")}.`;
    const rows = window.OUTLOOK.clientRows().slice(0, WAYS);
    sheet.querySelector("#handout-ways tbody").replaceChildren(...rows.map((row) => {
      const line = document.createElement("tr");
      const way = row.via === "–" ? row.title : `${row.title}, by way of ${row.via}`;
      const title = row.section.includes("in your field") ? way : `${way} (${row.section.replace("up, ", "")})`;
      const ready = row.qualify === "not known" ? "time to qualify not known" : `${row.qualify} to qualify`;
      const school = `${row.years === "0" ? "none" : `${row.years} years`}; ${ready}`;
      const cells = [title, row.education, school, row.tuition, row.wage, row.gain, row.papers];
      line.append(...cells.map((text, i) => {
        const cell = document.createElement(i ? "td" : "th");
        if (i > 1 && i < 6) cell.className = "n";
        if (!i) cell.scope = "row";
        cell.textContent = text;
        return cell;
      }));
      return line;
    }));
  }

  window.OUTLOOK.handout = (on) => {
    if (on) fill();
    sheet.hidden = !on;
    document.body.classList.toggle("printing-handout", on);
  };
  button.addEventListener("click", () => {
    window.OUTLOOK.handout(true);
    window.print();
  });
  window.addEventListener("afterprint", () => window.OUTLOOK.handout(false));
})();
