// Charts of the client's career paths, with the wages of the client's place: every path shown, and the first
// one step by step. The charts and tables of the whole country fold away below them. Read by app/client.js
// when the first choice is made.
"use strict";
(() => {
  const section = document.getElementById("career-paths");
  window.OUTLOOK.clientSteps = () => steps;
  let steps = null; // of the first path that add schooling, for the programs beneath it; null before choices are made
  if (!section) return;
  const { asks, lined, said: inWords, t } = window.OUTLOOK;
  const SHOWN = 12; // paths
  const NATIONAL = ["advancement_paths", "frontier", "route_card", "skill_gap"].map((name) => `figure:has([data-chart=${name}])`);
  const charts = document.querySelector("[data-chart]") !== null; // a page in brief has none: lists alone
  const dollars = (value) => `$${Math.round(value).toLocaleString("en-US")}`;
  const known = (value) => value !== null && value !== undefined;
  const add = (kind, more = {}) => Object.assign(document.createElement(kind), more);
  const sources = (place) => [document.querySelector("footer p span").textContent.trim(), t("Wages: {place}.", { place })].join(" ");

  // Paths that no other one shown beats: in no more years, for more pay.
  function unbeaten(rows) {
    const numbers = rows.map(({ qualify, change }) => [Number(qualify), change]);
    return rows.map((row, i) => row.qualifies && known(row.change) && !rows.some((other, j) => j !== i
      && other.qualifies && known(other.change) && numbers[j][0] <= numbers[i][0] && numbers[j][1] >= numbers[i][1]
      && (numbers[j][0] < numbers[i][0] || numbers[j][1] > numbers[i][1])));
  }

  function paths({ rows, place: where, origin, pay }) {
    const now = pay.wage[origin];
    // What a move pays is not known where one published wage is that of both ends.
    const first = rows.slice(0, SHOWN).map((row) => ({ ...row, change: /\d/.test(row.gain) && known(now) ? pay.wage[row.to] - now : null }));
    const best = unbeaten(first);
    const lines = first.map((row, i) => ({
      name: `${best[i] ? "◆ " : ""}${i + 1}. ${row.title}`,
      facts: [row.section, row.education, ...asks.schooling(row), asks.license(row.asks),
        row.qualifies ? t("years to qualify: {qualify}", row) : t("time to qualify not known")].join("; "),
      value: known(row.change) ? `${dollars(pay.wage[row.to])} (${row.gain})` : row.wage,
      low: pay.low[row.to], wage: pay.wage[row.to], high: pay.high[row.to],
    }));
    const paid = first.filter(({ change }) => known(change));
    const more = paid.filter(({ change }) => change > 0).length;
    const unknown = first.length - paid.length;
    const finding = !known(now)
      ? t("{place}: career paths of this client; the wage of the present job is not published there", { place: where })
      : t("{place}: {more} of {n} career paths shown for this client pay more than now ({now})",
        { place: where, more, n: paid.length, now: dollars(now) })
        + (unknown ? t("; for {n} more the change in pay is not known", { n: unknown }) : "");
    const reading = t("Point: median wage in {place}; bar: from the 25th to the 75th percentile, where published; line: the present job; "
      + "in parentheses: change from the median wage of the present job. ◆: no other path shown pays more for so few years to qualify (school, "
      + "related work and training). The order is that of the table “For this client”.", { place: where });
    // "the United States" begins the sentence.
    return { lines, now, finding: finding[0].toUpperCase() + finding.slice(1), reading, place: where, sources: sources(where) };
  }

  function route({ rows: [row], place: where, origin, pay }) {
    const net = window.OUTLOOK.network;
    const title = (at) => inWords(net.titles[at]);
    const money = (at) => ({ low: pay.low[at], wage: pay.wage[at], high: pay.high[at],
      value: known(pay.wage[at]) ? dollars(pay.wage[at]) : t("not published") });
    const lines = [{ name: t("Now: {title}", { title: title(origin) }), facts: "", ...money(origin) }];
    row.legs.forEach((leg, i) => lines.push({
      name: `${i + 1}. ${title(leg.to)}`,
      facts: [inWords(net.levels[leg.entry]), ...asks.schooling({
        years: String(Math.round(leg.years * 100) / 100),
        asks: { experience: net.experience_years[leg.to], training: net.training[leg.to] },
      }), t("tuition {tuition}", { tuition: dollars(leg.cost) }), inWords(net.licence_words[leg.to])].join("; "),
      ...money(leg.to),
    }));
    const finding = t("{from} to {to}, with wages of {place}", { from: title(origin), to: row.title, place: where });
    const reading = t("The first career path of the table, step by step. Point: median wage in {place}; bar: from the 25th to "
      + "the 75th percentile, where published. School years and tuition are the usual ones of the country, before aid.", { place: where });
    return { lines, now: null, finding, reading, place: where, sources: sources(where) };
  }

  const CHARTS = { client_paths: [paths, t("career paths of this client")], client_route: [route, t("first path of this client")] };
  let places = null; // by name of the chart: where it is drawn, said and listed

  function prepare() {
    const holder = add("div", { id: "client-charts" });
    places = Object.fromEntries(Object.entries(CHARTS).map(([name, [, label]]) => {
      const figure = add("figure", { className: charts ? "plotted" : "listed" });
      const plot = add("div", { className: "plot", id: `plot-${name}` });
      plot.setAttribute("role", "img");
      Object.assign(plot.dataset, { chart: name, file: `${name}_${window.OUTLOOK.code}` });
      const drawn = add("div", { className: "scroll drawn", tabIndex: 0 });
      drawn.setAttribute("role", "region");
      drawn.setAttribute("aria-label", t("Figure: {name}", { name: label }));
      drawn.append(plot);
      const [words, list] = [add("figcaption", { className: "barred" }), add("ul", { className: "bars" })];
      figure.append(...(charts ? [drawn] : []), words, list, ...(charts ? [window.OUTLOOK.takeaways(name, label)] : []));
      holder.append(figure);
      return [name, { figure, plot, words, list }];
    }));
    const national = add("details", { className: "numbers", id: "national" });
    national.append(add("summary", { textContent: t("The whole country, from the usual education of this job: charts and tables") }),
      ...section.querySelectorAll([...NATIONAL, ":scope > details.numbers"].join(", ")));
    section.querySelector("summary").after(holder);
    section.append(national);
  }

  window.addEventListener("outlook-client", async ({ detail }) => {
    if (!places) prepare();
    const figures = charts ? await window.OUTLOOK.shown() : {};
    const template = Object.values(figures)[0]?.layout.template;
    for (const [name, [made]] of Object.entries(CHARTS)) {
      const { figure, plot, words, list } = places[name];
      figure.hidden = !detail.rows.length;
      if (figure.hidden) continue;
      const chart = made(detail);
      words.replaceChildren(add("strong", { textContent: `${chart.finding}.` }), ` ${chart.reading}`);
      list.replaceChildren(...lined.bars(chart));
      if (!charts) continue;
      figures[name] = lined.figure(chart, template);
      plot.setAttribute("aria-label", `${chart.finding}. ${chart.reading}`);
      plot.style.height = `${figures[name].layout.height}px`;
      plot.style.width = `${figures[name].layout.width}px`;
      window.OUTLOOK.rowsOf[name] = lined.rows(chart);
      window.OUTLOOK.drawAgain(plot);
    }
  });

  window.addEventListener("outlook-client", ({ detail: { rows } }) => {
    const net = window.OUTLOOK.network;
    steps = (rows[0]?.legs ?? []).filter(({ years }) => years > 0)
      .map(({ to, entry }) => ({ soc: net.codes[to], title: net.titles[to], entry: net.levels[entry], level: entry }));
  });
})();
