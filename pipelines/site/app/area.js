// Wages and jobs in one metropolitan or nonmetropolitan area, in a sentence. The area is found by code
// or by words of its name; where several fit they are named, and none is chosen.
"use strict";
(() => {
  const field = document.getElementById("area-pay");
  const said = document.getElementById("area-said");
  const dollars = (value) => `$${Math.round(value).toLocaleString("en-US")}`;
  const words = (text) => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  let [own, listed] = [null, []];

  // Names and figures are read when the field is first used: the page is there before them.
  function load(file) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `../${file}`;
      script.onload = done;
      script.onerror = () => failed(new Error(`the file ${file} is missing`));
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

  function sentence({ code, title }) {
    const name = `${title} (${code})`;
    if (!own) return `${name}: these data hold no areas for this occupation; a refresh of the data brings them.`;
    const row = own.areas[code];
    if (!row) return `${name}: the survey published nothing for this occupation.`;
    const [median, jobs, quotient, why, guard] = row;
    const parts = [median === null
      ? `the median wage is not published (${own.words[why]})`
      : `half earn more than ${dollars(median)} per year`];
    parts.push(jobs === null ? "employment is not published" : `${jobs.toLocaleString("en-US")} jobs`);
    if (quotient !== null) parts.push(`${quotient.toFixed(2)} times the country's share of all jobs`);
    const caution = own.words[guard]
      ? ` Too small or uncertain to compare: ${own.words[guard]}.` : "";
    const border = /, [A-Z]{2}-/.test(title) ? " The area crosses a state line and is counted whole." : "";
    return `${name}: ${parts.join("; ")}.${caution}${border}`;
  }

  async function show() {
    try {
      await ready();
    } catch (problem) {
      said.textContent = `The areas cannot be shown: ${problem.message}.`;
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
    if (!found.length) return "No area has this name or code.";
    const more = found.length > 6 ? `; and ${found.length - 6} more` : "";
    return `${found.length} areas fit: ${found.slice(0, 6).map((a) => a.title).join("; ")}${more}.`;
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
