// Up to four occupations side by side; which ones stands in the address, so that it can be sent.
"use strict";
(() => {
  const all = window.OUTLOOK.occupations;
  const MOST = 4;
  const form = document.getElementById("pick");
  const box = document.getElementById("occupation");
  const said = document.getElementById("pick-status");
  const shown = document.getElementById("compared");
  const table = document.getElementById("comparison");
  let picked = [];

  const none = (value) => value === null || value === undefined;
  const or = (value, how) => (none(value) ? "–" : how(value));
  const dollars = (value) => or(value, (v) => `$${Math.round(v).toLocaleString("en-US")}`);
  const whole = (value) => or(value, (v) => Math.round(v).toLocaleString("en-US"));
  const two = (value) => or(value, (v) => v.toFixed(2));
  const ROWS = [
    ["code", (o, code) => code],
    ["median wage (US $ per year)", (o) => dollars(o.wage.median)],
    ["published under", (o) => o.together ?? o.published ?? "–"],
    ["one in ten earns less than", (o) => dollars(o.wage.p10)],
    ["one in ten earns more than", (o) => dollars(o.wage.p90)],
    ["jobs", (o) => whole(o.employment)],
    ["openings per year (BLS projection)", (o) => whole(o.openings)],
    ["growth over ten years (%)", (o) => or(o.growth, (v) => `${v > 0 ? "+" : ""}${v.toFixed(1)}`)],
    ["typical entry-level education (BLS)", (o) => o.education ?? "–"],
    ["education according to three publishers", (o) => o.education_views ?? "–"],
    ["most common education of workers", (o) => o.attainment[0]
      ? `${o.attainment[0]} (${Math.round(o.attainment[1])}%)${o.attainment[2] === 0 ? ", of a wider group of occupations" : ""}` : "–"],
    ["job zone (O*NET, 1 to 5)", (o) => o.zone ?? "–"],
    ["software could help (exposure, 0 to 1)", (o) => two(o.exposure)],
    ["90% interval", (o) => (none(o.low) ? "–" : `${two(o.low)} to ${two(o.high)}`)],
    ["more exposed than … % of occupations", (o) => whole(o.percentile)],
    ["software could do it by itself (automation score, 0 to 1)", (o) => two(o.automation)],
    ["90% interval", (o) => (none(o.automation_low) ? "–" : `${two(o.automation_low)} to ${two(o.automation_high)}`)],
    ["automation score higher than in … % of occupations", (o) => whole(o.automation_percentile)],
    ["people use one company's AI for the work (observed exposure, 0 to 1)", (o) => two(o.observed)],
    ["license", (o) => o.license],
  ];

  function cell(kind, text) {
    const made = document.createElement(kind);
    if (typeof text === "string" || typeof text === "number") made.textContent = text;
    else made.append(...text);
    return made;
  }

  // What was chosen for a client on a page comes along, and goes back with the links.
  function client() {
    const asked = new URLSearchParams(window.location.hash.slice(1));
    asked.delete("o");
    return asked.toString().replaceAll("%2C", ",");
  }

  function remember() {
    const place = new URL(window.location);
    const rest = client();
    place.hash = [picked.length ? `o=${picked.join(",")}` : "", rest].filter(Boolean).join("&");
    if (place.href !== window.location.href) window.history.pushState(null, "", place);
  }

  function show() {
    shown.hidden = !picked.length;
    const head = document.createElement("tr");
    head.append(cell("th", "figure"));
    head.firstChild.scope = "col";
    for (const code of picked) {
      const link = document.createElement("a");
      link.href = `o/${code}.html${client() ? `#${client()}` : ""}`;
      link.textContent = all[code].title;
      const drop = document.createElement("button");
      drop.type = "button";
      drop.textContent = "Remove";
      drop.setAttribute("aria-label", `Remove ${all[code].title}`);
      drop.addEventListener("click", () => {
        picked = picked.filter((other) => other !== code);
        said.textContent = `${all[code].title} removed`;
        remember();
        show();
        box.focus();
      });
      const column = cell("th", [link, " ", drop]);
      column.scope = "col";
      head.append(column);
    }
    table.tHead.replaceChildren(head);
    table.tBodies[0].replaceChildren(...ROWS.map(([name, value]) => {
      const row = document.createElement("tr");
      const title = cell("th", name);
      title.scope = "row";
      row.append(title, ...picked.map((code) => cell("td", value(all[code], code))));
      return row;
    }));
  }

  function read() {
    const asked = new URLSearchParams(window.location.hash.slice(1)).get("o") ?? "";
    picked = [...new Set(asked.split(","))].filter((code) => Object.hasOwn(all, code)).slice(0, MOST);
    show();
  }

  // The same search as on the start page.
  const list = document.getElementById("pick-found");
  const SHOWN = 6;

  function add(code) {
    if (picked.includes(code)) {
      said.textContent = `${all[code].title} is there already`;
    } else if (picked.length >= MOST) {
      said.textContent = `No more than ${MOST}: remove one first.`;
    } else {
      picked.push(code);
      box.value = "";
      list.replaceChildren();
      said.textContent = `${all[code].title} added`;
      remember();
      show();
    }
  }

  function offer() {
    const found = window.OUTLOOK.find(box.value).slice(0, SHOWN);
    list.replaceChildren(...found.map(({ entry: [code, title], by }) => {
      const item = document.createElement("li");
      const pick = document.createElement("button");
      pick.type = "button";
      pick.textContent = `Add ${title}`;
      pick.addEventListener("click", () => add(code));
      const more = document.createElement("span");
      more.className = "soft";
      more.textContent = by === title ? "" : ` also called ${by}`;
      item.append(pick, more);
      return item;
    }));
    said.textContent = !box.value.trim() || found.length ? ""
      : "Nothing found. Try another word for the job, or a part of it.";
    return found;
  }

  box.addEventListener("input", offer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = offer();
    if (first) add(first.entry[0]);
  });
  document.getElementById("compare-csv").addEventListener("click", () => {
    const lines = [["figure", ...picked.map((code) => all[code].title)],
      ...ROWS.map(([name, value]) => [name, ...picked.map((code) => String(value(all[code], code)))])];
    window.OUTLOOK.saveCsv(lines, `comparison_${picked.join("_")}.csv`);
  });
  document.getElementById("compare-print").addEventListener("click", () => window.print());
  // The state that was chosen for a client stands beside the nation.
  const state = new URLSearchParams(window.location.hash.slice(1)).get("state") ?? "";
  if (/^[A-Z]{2}$/.test(state)) {
    const script = document.createElement("script");
    script.src = `data/wages-${state}.js`;
    script.onload = () => {
      const { wages } = window.OUTLOOK[`wages-${state}`];
      const at = ROWS.findIndex(([name]) => name.startsWith("median wage"));
      ROWS.splice(at + 1, 0, [`median wage in ${state} (US $ per year)`, (o) => dollars(wages[o.soc]?.[1])]);
      show();
    };
    script.onerror = () => { said.textContent = `No wages of ${state} are known here.`; };
    document.head.append(script);
  }
  window.addEventListener("popstate", read);
  window.addEventListener("hashchange", read);
  read();
})();
