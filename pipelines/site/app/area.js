// Wages and jobs in one metropolitan or nonmetropolitan area, in a sentence. The area is found by code
// or by words of its name; where several fit they are named, and none is chosen.
"use strict";
(() => {
  const field = document.getElementById("area-pay");
  const said = document.getElementById("area-said");
  const { t, plural, said: inWords } = window.OUTLOOK;
  const dollars = (value) => `$${Math.round(value).toLocaleString("en-US")}`;
  const words = (text) => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  let [own, listed] = [null, []];

  // Names and figures are read when the field is first used: the page is there before them.
  function load(file) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `${window.OUTLOOK.root}${file}`;
      script.onload = done;
      script.onerror = () => failed(new Error(t("the file {file} is missing", { file })));
      document.head.append(script);
    });
  }

  let [loading, naming] = [null, null];
  // Every area by code, title and words; their names stand in the lists that fields offer.
  function names() {
    naming ??= load("app/areas.js").then(() => {
      listed = Object.entries(window.OUTLOOK.areaTitles)
        .map(([code, title]) => ({ code, title, words: words(title) }));
      for (const list of document.querySelectorAll("datalist.areas")) {
        list.replaceChildren(...listed.map(({ title }) => {
          const option = document.createElement("option");
          option.value = title;
          return option;
        }));
      }
      return listed;
    });
    return naming;
  }

  function ready() {
    loading ??= Promise.all([names(), load(`data/${window.OUTLOOK.code}-areas.js`)]).then(() => {
      own = window.OUTLOOK.inAreas;
    });
    return loading;
  }

  // As `outlook wages --area`: the strictest way in which the words fit any area.
  function fitting(text) {
    const asked = words(text);
    const ways = [
      (area) => area.code === asked.join(""),
      (area) => area.words.join(" ") === asked.join(" "),
      (area) => area.words.slice(0, asked.length).join(" ") === asked.join(" "),
      (area) => asked.every((word) => area.words.includes(word)),
      (area) => asked.every((word) => area.words.some((w) => w.startsWith(word))),
    ];
    return ways.map((fits) => listed.filter(fits)).find((found) => found.length) ?? [];
  }

  const reasons = (text) => text.split("; ").map(inWords).join("; ");
  function sentence({ code, title }) {
    const name = `${title} (${code})`;
    if (!own) return t("{place}: these data hold no areas for this occupation; a refresh of the data brings them.", { place: name });
    const row = own.areas[code];
    if (!row) return t("{place}: the survey published nothing for this occupation.", { place: name });
    const [median, jobs, quotient, why, guard] = row;
    const parts = [median === null
      ? t("the median wage is not published ({why})", { why: reasons(own.words[why]) })
      : t("half earn more than {wage} per year", { wage: dollars(median) })];
    parts.push(jobs === null ? t("employment is not published") : plural("{n} job", "{n} jobs", jobs));
    if (quotient !== null) parts.push(t("{number} times the country's share of all jobs", { number: quotient.toFixed(2) }));
    const caution = own.words[guard]
      ? t("Too small or uncertain to compare: {why}.", { why: reasons(own.words[guard]) }) : "";
    const border = /, [A-Z]{2}-/.test(title) ? t("The area crosses a state line and is counted whole.") : "";
    return [`${name}: ${parts.join("; ")}.`, caution, border].filter(Boolean).join(" ");
  }

  async function show() {
    try {
      await ready();
    } catch (problem) {
      said.textContent = t("The areas cannot be shown: {problem}.", { problem: problem.message });
      return;
    }
    if (!words(field.value).length) {
      said.textContent = "";
      return;
    }
    const found = fitting(field.value);
    said.textContent = found.length === 1 ? sentence(found[0]) : unclear(found);
  }

  function unclear(found) {
    if (!found.length) return t("No area has this name or code.");
    const values = { n: found.length, areas: found.slice(0, 6).map((a) => a.title).join("; "), more: found.length - 6 };
    return found.length > 6 ? t("{n} areas fit: {areas}; and {more} more.", values) : t("{n} areas fit: {areas}.", values);
  }

  // For the client's form, which takes an area's wages for both ends of a move.
  (window.OUTLOOK ??= {}).areas = { load: names, fitting, unclear };
  if (!field) return;
  field.addEventListener("focus", () => ready().catch(() => {})); // `show` says what is missing
  field.addEventListener("change", show);
  field.addEventListener("input", () => {
    if (listed.some(({ title }) => title === field.value)) show(); // chosen from the list
  });
})();
