// What the adviser enters about the client ranks the career paths again. Nothing leaves the browser; the
// choices stand in the address.
"use strict";
(() => {
  const section = document.getElementById("client");
  if (!section) return; // nothing to compare by: military and some "all other" occupations
  const form = document.getElementById("client-form");
  const said = document.getElementById("client-said");
  const body = document.querySelector("#client-ways tbody");
  const places = document.getElementById("client-found");
  const table = document.getElementById("client-ways");
  const all = document.getElementById("client-all");
  let [net, origin] = [null, -1];

  const FIRST = 2; // cards that stand open on a phone; see site.css
  const selects = [...form.querySelectorAll("select")];
  const USUAL = Object.fromEntries(selects.map((choice) => [choice.name, choice.value]));
  const areaField = document.getElementById("c-area"); // not there where the data hold no areas
  let [area, areaSaid] = ["", ""]; // the code of the area whose wages are taken; what to say of the words
  const { page, plural, said: inWords, t } = window.OUTLOOK;
  const dollars = (value) => `$${Math.round(value).toLocaleString("en-US")}`;
  const signed = (value, how) => {
    const size = how(Math.abs(value));
    return /[1-9]/.test(size) ? `${value < 0 ? "−" : "+"}${size}` : size; // no sign for nothing
  };
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const KINDS = ["field", "other", "more"]; // of `net.sections`, in their order
  const field = (name) => form.elements.namedItem(name);
  const ticks = () => [...form.querySelectorAll("[name=credential]:checked")].map((t) => t.value);

  function read() {
    const asked = window.OUTLOOK.address.read();
    for (const [name, usual] of Object.entries(USUAL)) {
      const wanted = asked.get(name) ?? usual;
      field(name).value = [...field(name).options].some((o) => o.value === wanted) ? wanted : usual;
    }
    area = areaField && /^([0-9]{5}|[0-9]{7})$/.test(asked.get("area") ?? "") ? asked.get("area") : "";
    areaSaid = "";
    if (areaField) nameArea();
    const held = new Set((asked.get("held") ?? "").split(","));
    for (const tick of form.querySelectorAll("[name=credential]")) tick.checked = held.has(tick.value);
    nameHeld();
  }

  // The list of credentials stays folded: its heading names those that are held.
  function nameHeld() {
    const said = form.querySelector(".held summary span");
    if (said) said.textContent = ticks().length ? `: ${ticks().join(", ")}` : "";
  }

  form.querySelector(".held")?.addEventListener("change", nameHeld);

  function remember() {
    const place = new URL(window.location);
    const asked = window.OUTLOOK.address.read();
    for (const [name, usual] of Object.entries(USUAL)) {
      if (field(name).value === usual) asked.delete(name);
      else asked.set(name, field(name).value);
    }
    if (area) asked.set("area", area);
    else asked.delete("area");
    if (ticks().length) asked.set("held", ticks().join(","));
    else asked.delete("held");
    place.hash = window.OUTLOOK.address.words(asked);
    if (place.href !== window.location.href) window.history.pushState(null, "", place);
  }

  // Files are read when they are first needed: the page is there before them.
  function load(file, name, folder = "data") {
    if (window.OUTLOOK[name]) return Promise.resolve(window.OUTLOOK[name]);
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `${window.OUTLOOK.root}${folder}/${file}`;
      script.onload = () => done(window.OUTLOOK[name]);
      script.onerror = () => failed(new Error(t("the file {file} is missing", { file })));
      document.head.append(script);
    });
  }

  // The area's name in its field; a code that no area has is left out.
  async function nameArea() {
    if (!area) {
      areaField.value = "";
      return;
    }
    const names = await window.OUTLOOK.areas.load().catch(() => []);
    const found = names.find((one) => one.code === area);
    if (!found) area = "";
    areaField.value = found?.title ?? "";
  }

  // What was typed as an area: one that fits, none, or several, of which none is chosen.
  async function findArea() {
    area = "";
    areaSaid = "";
    if (!/[a-z0-9]/i.test(areaField.value)) return;
    try {
      await window.OUTLOOK.areas.load();
    } catch (problem) {
      areaSaid = t("The areas cannot be shown: {problem}.", { problem: problem.message });
      return;
    }
    const found = window.OUTLOOK.areas.fitting(areaField.value);
    if (found.length === 1) [area, areaField.value] = [found[0].code, found[0].title];
    else areaSaid = window.OUTLOOK.areas.unclear(found);
  }

  // The wages of a state or an area, and which steps are open at them.
  async function of(state) {
    if (area) {
      const { wages, open } = await load(`area-${area}.js`, `area-${area}`);
      const none = net.codes.map(() => null); // the files of areas hold medians alone
      return { wage: net.codes.map((_, i) => wages[i] ?? null), low: none, high: none,
        open: net.codes.map((_, i) => open[i] ?? 0) };
    }
    if (!state) return net;
    const { wages, open } = await load(`wages-${state}.js`, `wages-${state}`);
    const [low, wage, high] = [0, 1, 2].map((place) => net.codes.map((soc) => wages[soc]?.[place] ?? null));
    return { wage, low, high, open };
  }

  // Of a score at the destination against the present occupation.
  const difference = (score, to) => score[to] === null || score[origin] === null
    ? "–" : signed(score[to] - score[origin], (v) => v.toFixed(2));

  function asked(wage, open) {
    return {
      held: window.OUTLOOK.routes.startLevel(net, Number(field("education").value), ticks()),
      limit: field("limit").value, steps: Number(field("steps").value), n: 20, matters: field("matters").value,
      partTime: field("study").value === "part", wage, open,
    };
  }

  // Who hears of the choices stands in scripts after this one, and the tables of a page may come packed.
  const heard = new Promise((done) => document.addEventListener("DOMContentLoaded", done))
    .then(() => window.OUTLOOK.whole);

  let rows = [];
  async function show() {
    const state = field("state").value;
    if (areaSaid) {
      said.textContent = areaSaid;
      return;
    }
    const asOf = `${state} ${area}`;
    let pay = null; // in dollars a year, by occupation: wage (median), low and high (25th and 75th percentile)
    try {
      net = await load("network.js", "network");
      await window.OUTLOOK.named();
      await load("lined.js", "lined", "app");
      await load("client-charts.js", "clientSteps", "app");
      origin = net.codes.indexOf(section.dataset.soc);
      pay = await of(state);
      await heard;
    } catch (problem) {
      said.textContent = t("The career paths cannot be ranked: {problem}.", { problem: problem.message });
      return;
    }
    if (asOf !== `${field("state").value} ${area}`) return; // another place was chosen meanwhile
    const { wage } = pay;
    const found = window.OUTLOOK.routes.best(net, origin, asked(wage, pay.open));
    const now = wage[origin];
    rows = found.map((route) => {
      const to = route.at;
      const helping = net.credentials.filter((c) => c.opens.includes(to)).map((c) => c.name);
      const have = new Set(ticks());
      // Of every step: without those on the way the route is closed.
      const licences = [...new Set(route.path.map((at) => net.licence[at]).filter(Boolean))];
      const lacking = helping.filter((name) => !have.has(name));
      return {
        to, legs: route.legs, title: inWords(net.titles[to]), page: net.pages[to],
        via: route.path.slice(0, -1).map((at) => inWords(net.titles[at])).join("; ") || "–",
        education: inWords(net.levels[route.entry]),
        section: inWords(route.section), kind: KINDS[net.sections.indexOf(route.section)],
        qualifies: route.training !== null,
        qualify: route.training === null ? t("not known")
          : String(Math.round((route.years + route.experience + route.training) * 10) / 10),
        training: inWords(net.training[to]),
        asks: { experience: route.experience, training: net.training[to], licensed: licences.length > 0,
          license: net.licence_words[to] },
        years: String(Math.round(route.years * 100) / 100), tuition: dollars(route.cost),
        wage: net.together[to] ? t("{wage} (published together, {code})", { wage: dollars(wage[to]), code: net.published[to] })
          : dollars(wage[to]),
        // BLS publishes one wage for both ends: what the move pays is not known.
        gain: net.published[to] === net.published[origin] ? t("not known: one wage for both")
          : now === null ? "–" : signed(wage[to] - now, dollars),
        exposure: difference(net.exposure, to),
        automation: difference(net.automation, to),
        papers: [
          licences.some((name) => name !== net.licence[to])
            ? t("License: {names}", { names: licences.map(inWords).join("; ") }) : capital(inWords(net.licence_words[to])),
          helping.some((name) => have.has(name))
            ? t("Held: {names}", { names: helping.filter((name) => have.has(name)).join(", ") }) : "",
          lacking.length ? t("Helps: {names}", { names: lacking.join(", ") }) : "",
          helping.length ? "" : t("Helpful credentials: not looked up"),
        ].filter(Boolean).join(". "),
      };
    });
    const names = ["section", "via", "education", "years", "qualify", "training", "tuition", "wage", "gain",
      "exposure", "automation", "papers"];
    const headings = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    body.replaceChildren(...rows.map((row) => {
      const line = document.createElement("tr");
      const first = document.createElement("th");
      first.scope = "row";
      if (row.page) {
        const link = document.createElement("a");
        link.href = page(row.page);
        link.textContent = row.title;
        first.append(link);
      } else first.textContent = row.title;
      line.append(first);
      for (const name of names) {
        const cell = document.createElement("td");
        if (["years", "qualify", "tuition", "wage", "gain", "exposure", "automation"].includes(name)) cell.className = "n";
        cell.textContent = row[name];
        cell.dataset.label = headings[names.indexOf(name) + 1];
        if (row[name] === "–") cell.classList.add("none");
        line.append(cell);
      }
      return line;
    }));
    // They stand in their rank, whatever the last table was sorted by.
    document.querySelector("#client-ways [aria-sort]")?.removeAttribute("aria-sort");
    places.hidden = false;
    table.classList.add("short");
    all.hidden = rows.length <= FIRST;
    all.textContent = plural("Show {n} career path", "Show all {n} career paths", rows.length);
    const place = area ? areaField.value : state ? field("state").selectedOptions[0].textContent
      : t("the United States");
    const limits = area ? ` ${net.area_notes.map(inWords).join(" ")}` : "";
    said.textContent = (now === null && (state || area)
      ? t("No wage of this occupation is published for {place}, so gains are not known.", { place })
      : rows.length
        ? plural("{n} career path, with wages of {place}. First: {title}.",
          "{n} career paths, with wages of {place}. First: {title}.", rows.length, { place, title: rows[0].title })
        : area ? t("No career path with these choices and wages of {place}. Allow more education or more moves.", { place })
          : t("No career path with these choices. Allow more education or more moves.")
    ) + limits;
    window.dispatchEvent(new CustomEvent("outlook-client", { detail: { rows, place, origin, pay } }));
  }

  all.addEventListener("click", () => {
    table.classList.remove("short");
    all.hidden = true;
  });
  form.addEventListener("change", async (event) => {
    if (event.target === areaField) await findArea();
    remember();
    show();
  });
  areaField?.addEventListener("focus", () => window.OUTLOOK.areas.load().catch(() => {})); // `findArea` says it
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  for (const kind of ["popstate", "hashchange"]) {
    window.addEventListener(kind, () => {
      read();
      show();
    });
  }
  window.OUTLOOK.clientRows = () => rows;
  window.OUTLOOK.clientArea = () => (area ? areaField.value : "");
  read();
  // As it is written: a choice that was refused is still a wish to see the career paths.
  const chosen = new URLSearchParams(window.location.hash.slice(1));
  if ([...Object.keys(USUAL), "held", "area"].some((name) => chosen.has(name))) show();
})();
