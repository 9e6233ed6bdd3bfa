// One printed page for the client: the short answers, the first career paths, room for notes.
"use strict";
(() => {
  const sheet = document.getElementById("handout");
  const button = document.getElementById("handout-print");
  const WAYS = 4;
  if (!sheet || !button) return;
  const dollars = (value) => `$${Math.round(value).toLocaleString("en-US")}`;

  function line(cells) {
    const row = document.createElement("tr");
    row.append(...cells.map((text, i) => {
      const cell = document.createElement(i ? "td" : "th");
      if (i === 1 || i === 2) cell.className = "n";
      if (!i) cell.scope = "row";
      cell.textContent = text;
      return cell;
    }));
    return row;
  }

  function fill() {
    const form = document.getElementById("client-form");
    const words = [...form.querySelectorAll("select")].map((choice) => {
      const name = form.querySelector(`label[for="${choice.id}"]`).textContent.toLowerCase();
      return `${name}: ${choice.selectedOptions[0].textContent}`;
    });
    if (window.OUTLOOK.clientArea?.()) words.push(`area: ${window.OUTLOOK.clientArea()}`);
    const held = [...form.querySelectorAll("[name=credential]:checked")].map((tick) => tick.value);
    if (held.length) words.push(`credentials held: ${held.join(", ")}`);
    document.getElementById("handout-choices").textContent = `Chosen: ${words.join("; ")}.`;
    const { place, assumed } = window.OUTLOOK.clientCase();
    document.getElementById("handout-assumed").textContent = assumed.join(" ");
    document.getElementById("handout-place").textContent = `median wage in ${place}`;
    // Where less exposure or automation is what matters, each line says what the move changes of it.
    const matters = form.elements.namedItem("matters").value;
    const scores = ["exposure", "automation"].includes(matters);
    const now = window.OUTLOOK.clientNow();
    const rows = window.OUTLOOK.clientRows().slice(0, WAYS).map((row) => {
      const way = row.via === "–" ? row.title : `${row.title}, by way of ${row.via}`;
      const title = row.section.includes("in your field") ? way : `${way} (${row.section.replace("up, ", "")})`;
      const change = scores ? `. Exposure ${row.exposure}, automation score ${row.automation}` : "";
      const school = row.years === "0" ? "no more school" : `${row.years} year${row.years === "1" ? "" : "s"} of school`;
      const ready = row.qualify === "not known" ? "time to qualify not known"
        : `${row.qualify} year${row.qualify === "1" ? "" : "s"} to qualify`;
      const tuition = row.tuition === "$0" ? "" : `; tuition ${row.tuition}`;
      return line([title + change, row.wage, row.gain,
        `${row.education}: ${school}${tuition}; ${row.training}; ${ready}`, row.papers]);
    });
    const title = sheet.querySelector("h1").textContent;
    sheet.querySelector("#handout-ways tbody").replaceChildren(
      line([`Now: ${title}`, now === null ? "not known" : dollars(now), "–", "–", "–"]), ...rows);
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
