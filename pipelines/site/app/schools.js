// Schools of a state whose programs lead to an occupation, read by app/near.js. A state's file is read
// when it is chosen; what is not published is said, and nothing stands above what the order puts there.
"use strict";
(() => {
  const place = document.getElementById("schools-near");
  const shared = window.OUTLOOK.programs;
  const { plural, said: inWords, t } = window.OUTLOOK;
  const choice = (name, label, options) => `<p><label for="schools-${name}">${label}</label>`
    + `<select id="schools-${name}" autocomplete="off">${options}</select></p>`;
  const column = (text, i) => `<th scope="col"${i > 4 && i < 11 ? ' class="n"' : ""}>${text}</th>`;
  const orders = [["price", t("published price, lowest first")], ["graduates", t("awards a year, most first")],
    ["earnings", t("graduates' earnings, highest first")]]
    .map(([value, text]) => `<option value="${value}">${text}</option>`).join("");
  place.innerHTML = `<form class="choices">
    ${choice("to", t("Programs that lead to"), "")}
    ${choice("state", t("In the state"), "")}
    ${choice("sort", t("In order of"), orders)}</form>
    <p id="schools-said" role="status"></p>
    <div id="schools-found" hidden><div class="scroll" role="region" tabindex="0" aria-label="${t("Schools and programs")}">
    <table><caption>${t("Schools and programs")}</caption><thead><tr>${[
      t("school"), t("city"), t("control"), t("award"), t("program"), t("awards a year"),
      t("tuition and fees a year, in district (US $)"), t("in state (US $)"), t("earnings after 4 years (US $)"),
      t("after 1 year (US $)"), t("debt (US $)"), t("earnings and debt are of")].map(column).join("")}
    </tr></thead><tbody id="schools-rows"></tbody></table></div>
    <div class="takeaway"><button type="button" id="schools-csv">${t("All programs as CSV")}</button></div></div>`;
  const [to, state, sort, said, found, rows] = ["to", "state", "sort", "said", "found", "rows"]
    .map((name) => document.getElementById(`schools-${name}`));
  const option = ([value, text]) => new Option(text, value);
  to.append(...place.dataset.codes.split(" ").map((code) => option([code, inWords(shared.occupations[code] ?? code)])));
  state.append(option(["", t("choose a state")]), ...shared.states.map(option));
  place.append(...shared.notes.map((text) => {
    const line = document.createElement("p");
    line.textContent = inWords(text);
    return line;
  }));
  const SHOWN = 25;
  const NONE = t("not published");
  const HEAD = [t("school number"), t("school"), t("city"), t("state"), t("control"), t("award"), t("CIP code"),
    t("program"), t("awards a year"), t("in-district tuition and fees a year (US $)"), t("in-state tuition and fees a year (US $)"),
    t("earnings 4 years after completion (US $)"), t("earnings 1 year after completion (US $)"), t("debt (US $)"),
    t("earnings and debt are of")];
  let listed = [];

  const files = new Map();
  function load(file) {
    if (!files.has(file)) {
      files.set(file, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = `${window.OUTLOOK.root}data/${file}`;
        script.onload = done;
        script.onerror = () => failed(new Error(t("the file {file} is missing", { file })));
        document.head.append(script);
      }));
    }
    return files.get(file);
  }

  // As `outlook programs --sort`: missing last, ties by name of the school, as the file has them.
  const KEYS = {
    price: (p) => p.inDistrict,
    graduates: (p) => -p.awards,
    earnings: (p) => (p.after4 === null ? null : -p.after4),
  };
  function ordered(programs, by) {
    const last = (value) => (value === null ? Infinity : value);
    const key = KEYS[by];
    return [...programs].sort((a, b) => {
      const [x, y] = [last(key(a)), last(key(b))];
      return x === y ? 0 : x - y;
    });
  }

  function programs(own, soc, levels) {
    const codes = new Set(shared.leads[soc] ?? []);
    return own.programs.filter((row) => codes.has(row[1]) && (levels?.includes(row[2]) ?? true))
      .map(([at, cip, level, awards, after4, after1, debt]) => {
        const [unitid, school, city, control, inDistrict, inState] = own.schools[at];
        return {
          unitid, school, city, inDistrict, inState, cip, awards, after4, after1, debt,
          control: inWords(control), award: inWords(shared.awards[level]), title: shared.titles[cip],
          scope: t("4-digit field {field}", { field: cip.slice(0, 5) }),
        };
      });
  }

  const number = (value) => (value === null ? NONE : value.toLocaleString("en-US"));
  function row(p) {
    const line = document.createElement("tr");
    const cells = [p.school, p.city, p.control, p.award, `${p.title} (${p.cip})`, number(p.awards),
      number(p.inDistrict), number(p.inState), number(p.after4), number(p.after1), number(p.debt), p.scope];
    cells.forEach((text, i) => {
      const cell = document.createElement(i ? "td" : "th");
      if (!i) cell.scope = "row";
      if (i > 4 && i < 11) cell.className = "n";
      if (i === 4) cell.lang = "en"; // names of programs are NCES's
      cell.textContent = text;
      line.append(cell);
    });
    return line;
  }

  // Beneath the route card: the first programs, in the same order, for each step that adds schooling.
  const card = document.getElementById("card-programs");
  const FIRST = 3;
  const cost = (value) => (value === null ? NONE : `$${value.toLocaleString("en-US")}`);
  // Of the client's first path once choices were made, of the route card before. Only what programs lead to.
  const steps = () => window.OUTLOOK.clientSteps?.()?.map((step) => ({ ...step, levels: shared.given[step.level] }))
    .filter(({ soc, levels }) => levels.length && shared.leads[soc]) ?? JSON.parse(card.dataset.steps);
  function showCard(own, name) {
    if (!card) return;
    const order = sort.selectedOptions[0].textContent;
    const asked = window.OUTLOOK.clientSteps?.();
    document.getElementById("card-said").textContent = !asked
      ? t("Programs for the route of the card in {place}, in order of {order}. "
        + "Tuition and fees are published ones; earnings are 4 years after completion.", { place: name, order })
      : asked.length ? t("Programs in {place} for the first path of this client, in order of {order}. "
        + "Tuition and fees are published ones; earnings are 4 years after completion.", { place: name, order })
        : t("The first path of this client asks for no more school.");
    document.getElementById("card-found").replaceChildren(...steps().flatMap((step) => {
      const every = ordered(programs(own, step.soc, step.levels), sort.value);
      const line = document.createElement("p");
      const held = own.programs.some((row) => step.levels.includes(row[2]));
      const to = { title: inWords(step.title), education: inWords(step.entry) };
      line.textContent = every.length
        ? plural("{title}, {education}: {n} program", "{title}, {education}: {n} programs", every.length, to)
        : held ? t("{title}, {education}: none is reported", to) : t("{title}, {education}: none in these data", to);
      const list = document.createElement("ul");
      list.append(...every.slice(0, FIRST).map((p) => {
        const item = document.createElement("li");
        item.textContent = t("{school}, {city} ({control}): {award} in {title}; a year in district {district}, in state {state}; "
          + "graduates' earnings {earnings}", { ...p, district: cost(p.inDistrict), state: cost(p.inState), earnings: cost(p.after4) });
        return item;
      }));
      return every.length ? [line, list] : [line];
    }));
    const all = document.createElement("a");
    all.href = "#schools";
    all.textContent = t("All programs, as a table");
    document.getElementById("card-found").append(all);
  }

  async function show() {
    listed = [];
    found.hidden = true;
    said.textContent = "";
    const code = state.value;
    if (!code) return;
    try {
      await load(`programs-${code}.js`);
    } catch (problem) {
      said.textContent = t("The schools cannot be shown: {problem}.", { problem: problem.message });
      return;
    }
    if (code !== state.value) return; // another state was chosen meanwhile
    listed = ordered(programs(window.OUTLOOK[`programs-${code}`], to.value), sort.value);
    const name = state.selectedOptions[0].textContent;
    showCard(window.OUTLOOK[`programs-${code}`], name);
    if (!listed.length) {
      said.textContent = t("{place}: no program with awards is reported that leads there.", { place: name });
      return;
    }
    const schools = new Set(listed.map((p) => p.unitid)).size;
    const awards = listed.reduce((sum, p) => sum + p.awards, 0);
    const priced = listed.filter((p) => p.inState !== null).length;
    const earning = listed.filter((p) => p.after4 !== null).length;
    const counts = [plural("{n} program", "{n} programs", listed.length), plural("{n} school", "{n} schools", schools),
      plural("{n} award", "{n} awards", awards)];
    const more = t("The first {n} are shown, all are in the CSV file.", { n: SHOWN });
    said.textContent = t("{place}: {programs} at {schools}, {awards} in July {from} to June {to}; {priced} with a published "
      + "price, {earning} with earnings 4 years after completion.", {
      place: name, programs: counts[0], schools: counts[1], awards: counts[2], from: shared.year - 1, to: shared.year,
      priced: number(priced), earning: number(earning),
    }) + (listed.length > SHOWN ? ` ${more}` : "");
    rows.replaceChildren(...listed.slice(0, SHOWN).map(row));
    found.hidden = false;
  }

  document.getElementById("schools-csv").addEventListener("click", () => {
    const cell = (value) => value ?? "";
    const lines = listed.map((p) => [p.unitid, p.school, p.city, state.value, p.control, p.award, p.cip,
      p.title, p.awards, p.inDistrict, p.inState, p.after4, p.after1, p.debt, p.scope].map(cell));
    window.OUTLOOK.saveCsv([HEAD, ...lines], `programs_${to.value}_${state.value}.csv`);
  });
  window.addEventListener("outlook-client", show);
  for (const choice of [to, state, sort]) choice.addEventListener("change", show);
  place.firstElementChild.addEventListener("submit", (event) => event.preventDefault());
  // The state chosen for the client is shown here too, and the other way round stays free.
  document.getElementById("c-state")?.addEventListener("change", (event) => {
    state.value = event.target.value;
    show();
  });
  state.value = document.getElementById("c-state")?.value
    || new URLSearchParams(window.location.hash.slice(1)).get("state") || "";
  if (!state.value) state.value = "";
  show();
})();
