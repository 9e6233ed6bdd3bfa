// One printed page for the client: the short answers, the first career paths, room for notes.
"use strict";
(() => {
  const sheet = document.getElementById("handout");
  const button = document.getElementById("handout-print");
  const WAYS = 4;
  const { t } = window.OUTLOOK;
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
    if (window.OUTLOOK.clientArea?.()) words.push(t("area: {area}", { area: window.OUTLOOK.clientArea() }));
    const held = [...form.querySelectorAll("[name=credential]:checked")].map((tick) => tick.value);
    if (held.length) words.push(t("credentials held: {names}", { names: held.join(", ") }));
    document.getElementById("handout-choices").textContent = t("Chosen: {choices}.", { choices: words.join("; ") });
    const { place, assumed } = window.OUTLOOK.clientCase();
    document.getElementById("handout-assumed").textContent = assumed.join(" ");
    document.getElementById("handout-place").textContent = t("median wage in {place}", { place });
    // Where less exposure or automation is what matters, each line says what the move changes of it.
    const matters = form.elements.namedItem("matters").value;
    const scores = ["exposure", "automation"].includes(matters);
    const now = window.OUTLOOK.clientNow();
    const rows = window.OUTLOOK.clientRows().slice(0, WAYS).map((row) => {
      const way = row.via === "–" ? row.title : t("{title}, by way of {via}", row);
      const title = { field: way, other: t("{way} (change of field)", { way }), more: t("{way} (more exposed)", { way }) }[row.kind];
      const change = t("Exposure {exposure}, automation score {automation}", row);
      const school = row.years === "0" ? t("no more school") : row.years === "1" ? t("1 year of school")
        : t("{years} years of school", row);
      const ready = !row.qualifies ? t("time to qualify not known") : row.qualify === "1" ? t("1 year to qualify")
        : t("{qualify} years to qualify", row);
      const tuition = row.tuition === "$0" ? [] : [t("tuition {tuition}", row)];
      return line([scores ? `${title}. ${change}` : title, row.wage, row.gain,
        `${row.education}: ${[school, ...tuition, row.training, ready].join("; ")}`, row.papers]);
    });
    const title = sheet.querySelector("h1").textContent;
    sheet.querySelector("#handout-ways tbody").replaceChildren(
      line([t("Now: {title}", { title }), now === null ? t("not known") : dollars(now), "–", "–", "–"]), ...rows);
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
