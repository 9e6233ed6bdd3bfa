// Wages and jobs in one state, in a sentence; what is not published is said, never guessed.
"use strict";
(() => {
  const choice = document.getElementById("state-pay");
  const said = document.getElementById("state-said");
  const states = window.OUTLOOK?.states;
  if (!choice || !states) return;
  const dollars = (value) => `$${Math.round(value).toLocaleString("en-US")}`;

  function sentence(name, own) {
    if (!own) return `${name}: the survey published nothing for this occupation.`;
    const parts = [own.median === null
      ? `the median wage is not published (${own.why})`
      : `half earn more than ${dollars(own.median)} per year`];
    if (own.p10 !== null) parts.push(`one in ten less than ${dollars(own.p10)}`);
    if (own.p90 !== null) parts.push(`one in ten more than ${dollars(own.p90)}`);
    if (own.jobs !== null) parts.push(`${own.jobs.toLocaleString("en-US")} jobs`);
    if (own.quotient !== null) {
      parts.push(`${own.quotient.toFixed(2)} times the country's share of all jobs`);
    }
    return `${name}: ${parts.join("; ")}.`;
  }

  function show() {
    const name = choice.selectedOptions[0].textContent;
    said.textContent = choice.value ? sentence(name, states[choice.value]) : "";
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
  choice.value = new URLSearchParams(window.location.hash.slice(1)).get("state") ?? "";
  if (!choice.value) choice.value = "";
  show();
})();
