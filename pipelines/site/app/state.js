// Wages and jobs in one state, in a sentence; what is not published is said, never guessed.
"use strict";
(() => {
  const choice = document.getElementById("state-pay");
  const said = document.getElementById("state-said");
  const states = window.OUTLOOK?.states;
  if (!choice || !states) return;
  const { t, plural, said: inWords } = window.OUTLOOK;
  const dollars = (value) => `$${Math.round(value).toLocaleString("en-US")}`;

  function sentence(name, own) {
    if (!own) return t("{place}: the survey published nothing for this occupation.", { place: name });
    const parts = [own.median === null
      ? t("the median wage is not published ({why})", { why: inWords(own.why) })
      : t("half earn more than {wage} per year", { wage: dollars(own.median) })];
    if (own.p10 !== null) parts.push(t("one in ten less than {wage}", { wage: dollars(own.p10) }));
    if (own.p90 !== null) parts.push(t("one in ten more than {wage}", { wage: dollars(own.p90) }));
    if (own.jobs !== null) parts.push(plural("{n} job", "{n} jobs", own.jobs));
    if (own.quotient !== null) {
      parts.push(t("{number} times the country's share of all jobs", { number: own.quotient.toFixed(2) }));
    }
    return `${name}: ${parts.join("; ")}.`;
  }

  // The state beside the nation: one more strip in the picture of pay on top.
  const picture = document.getElementById("pay-picture");
  const group = document.getElementById("pay-local");
  const beside = document.getElementById("pay-local-said");
  const before = picture?.getAttribute("viewBox");
  const national = picture?.getAttribute("aria-label");
  function draw(name, own) {
    if (!picture) return;
    const known = own && own.median !== null;
    group.replaceChildren();
    picture.setAttribute("viewBox", known ? `0 0 340 ${picture.dataset.tall}` : before);
    picture.setAttribute("aria-label", known ? `${national} ${sentence(name, own)}` : national);
    beside.textContent = known ? t("In {place}, half earn more than {wage}.", { place: name, wage: dollars(own.median) }) : "";
    if (!known) return;
    const [low, high, side] = ["low", "high", "side"].map((key) => Number(picture.dataset[key]));
    const at = (value) => side + ((value - low) / (high - low)) * (340 - 2 * side);
    const add = (kind, of, text) => {
      const shape = document.createElementNS("http://www.w3.org/2000/svg", kind);
      for (const [key, value] of Object.entries(of)) shape.setAttribute(key, value);
      if (text) shape.textContent = text;
      group.append(shape);
    };
    add("text", { x: 0, y: 12, class: "soft" }, name);
    add("text", { x: 340, y: 12, class: "strong", "text-anchor": "end" }, dollars(own.median));
    add("line", { x1: side, y1: 22, x2: 340 - side, y2: 22, class: "axis" });
    if (own.p10 !== null && own.p90 !== null) add("line", { x1: at(own.p10), y1: 22, x2: at(own.p90), y2: 22, class: "span" });
    add("line", { x1: at(own.median), y1: 15, x2: at(own.median), y2: 29, class: "mean" });
  }

  function named(row) {
    if (!row) return null;
    const [p10, median, p90, why, jobs, quotient] = row;
    return { p10, median, p90, why, jobs, quotient };
  }

  function show() {
    const name = choice.selectedOptions[0].textContent;
    const own = named(states[choice.value]);
    draw(name, own);
    said.textContent = choice.value ? sentence(name, own) : "";
  }

  // The state chosen for the client is shown here too, and the other way round stays free.
  const client = document.getElementById("c-state");
  // Its list of states stands once in the page.
  if (client && choice.options.length === 1) {
    choice.append(...[...client.options].filter((o) => o.value).map((o) => new Option(o.text, o.value)));
  }
  client?.addEventListener("change", () => {
    choice.value = client.value;
    show();
  });
  choice.addEventListener("change", show);
  choice.value = client?.value || new URLSearchParams(window.location.hash.slice(1)).get("state") || "";
  if (!choice.value) choice.value = "";
  show();
})();
