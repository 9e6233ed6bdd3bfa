// Up to four occupations side by side; which ones stands in the address, so that it can be sent.
"use strict";
(() => {
  const { occupations: all, page, said: inWords, t } = window.OUTLOOK;
  const named = (code) => inWords(all[code].title);
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
  const between = (low, high) => (none(low) ? "–" : t("{low} to {high}", { low: two(low), high: two(high) }));
  const held = ([level, percent, exact]) => {
    const values = { level: inWords(level), percent: Math.round(percent) };
    return exact === 0 ? t("{level} ({percent}%), of a wider group of occupations", values) : t("{level} ({percent}%)", values);
  };
  const MEDIAN = t("median wage (US $ per year)");
  const ROWS = [
    [t("code"), (o, code) => code],
    [MEDIAN, (o) => dollars(o.wage.median)],
    [t("published under"), (o) => o.together ?? o.published ?? "–"],
    [t("one in ten earns less than"), (o) => dollars(o.wage.p10)],
    [t("one in ten earns more than"), (o) => dollars(o.wage.p90)],
    [t("jobs"), (o) => whole(o.employment)],
    [t("openings per year (BLS projection)"), (o) => whole(o.openings)],
    [t("growth over ten years (%)"), (o) => or(o.growth, (v) => `${v > 0 ? "+" : ""}${v.toFixed(1)}`)],
    [t("typical entry-level education (BLS)"), (o) => or(o.education, inWords)],
    [t("education according to three publishers"), (o) => or(o.education_views, inWords)],
    [t("most common education of workers"), (o) => (o.attainment[0] ? held(o.attainment) : "–")],
    [t("job zone (O*NET, 1 to 5)"), (o) => o.zone ?? "–"],
    [t("software could help (exposure, 0 to 1)"), (o) => two(o.exposure)],
    [t("90% interval"), (o) => between(o.low, o.high)],
    [t("more exposed than … % of occupations"), (o) => whole(o.percentile)],
    [t("software could do it by itself (automation score, 0 to 1)"), (o) => two(o.automation)],
    [t("90% interval"), (o) => between(o.automation_low, o.automation_high)],
    [t("automation score higher than in … % of occupations"), (o) => whole(o.automation_percentile)],
    [t("people use one company's AI for the work (observed exposure, 0 to 1)"), (o) => two(o.observed)],
    [t("license"), (o) => inWords(o.license)],
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
    head.append(cell("th", t("figure")));
    head.firstChild.scope = "col";
    for (const code of picked) {
      const link = document.createElement("a");
      link.href = `${page(code)}${client() ? `#${client()}` : ""}`;
      link.textContent = named(code);
      const drop = document.createElement("button");
      drop.type = "button";
      drop.textContent = t("Remove");
      drop.setAttribute("aria-label", t("Remove {title}", { title: named(code) }));
      drop.addEventListener("click", () => {
        picked = picked.filter((other) => other !== code);
        said.textContent = t("{title} removed", { title: named(code) });
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
      said.textContent = t("{title} is there already", { title: named(code) });
    } else if (picked.length >= MOST) {
      said.textContent = t("No more than {most}: remove one first.", { most: MOST });
    } else {
      picked.push(code);
      box.value = "";
      list.replaceChildren();
      said.textContent = t("{title} added", { title: named(code) });
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
      pick.textContent = t("Add {title}", { title: inWords(title) });
      pick.addEventListener("click", () => add(code));
      const more = document.createElement("span");
      more.className = "soft";
      if (by !== title && by !== inWords(title)) more.append(" ", t("also called {name}", { name: by }));
      item.append(pick, more);
      return item;
    }));
    said.textContent = !box.value.trim() || found.length ? ""
      : t("Nothing found. Try another word for the job, or a part of it.");
    return found;
  }

  box.addEventListener("input", offer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = offer();
    if (first) add(first.entry[0]);
  });
  document.getElementById("compare-csv").addEventListener("click", () => {
    const lines = [[t("figure"), ...picked.map(named)],
      ...ROWS.map(([name, value]) => [name, ...picked.map((code) => String(value(all[code], code)))])];
    window.OUTLOOK.saveCsv(lines, `comparison_${picked.join("_")}.csv`);
  });
  document.getElementById("compare-print").addEventListener("click", () => window.print());
  // The state that was chosen for a client stands beside the nation.
  const state = new URLSearchParams(window.location.hash.slice(1)).get("state") ?? "";
  if (/^[A-Z]{2}$/.test(state)) {
    const script = document.createElement("script");
    script.src = `${window.OUTLOOK.root}data/wages-${state}.js`;
    script.onload = () => {
      const { wages } = window.OUTLOOK[`wages-${state}`];
      const at = ROWS.findIndex(([name]) => name === MEDIAN);
      ROWS.splice(at + 1, 0, [t("median wage in {place} (US $ per year)", { place: state }), (o) => dollars(wages[o.soc]?.[1])]);
      show();
    };
    script.onerror = () => { said.textContent = t("No wages of {place} are known here.", { place: state }); };
    document.head.append(script);
  }
  window.addEventListener("popstate", read);
  window.addEventListener("hashchange", read);
  read();
})();
