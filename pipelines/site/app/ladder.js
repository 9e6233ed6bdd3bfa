// The small ladder on top of the page follows the client's table: same first rows, same order, pay of the same
// place. It is drawn as pipelines/site/ladder.py draws the country's.
"use strict";
(() => {
  const next = document.getElementById("next-said");
  if (!next) return;
  const section = next.closest("section");
  const sentence = next.previousSibling; // the country's, which gives way to the client's
  const [RUNGS, LETTERS] = [3, 46];
  const { said: inWords, plural, t, wrapped } = window.OUTLOOK;

  function shape(name, words, more) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(more)) made.setAttribute(key, value);
    made.textContent = words;
    return made;
  }

  // Whether a license is asked for, in a word or two: what ladder.py says of the country's rows.
  function license({ licensed, license: known }) {
    if (licensed) return t("license");
    const [kind, words] = known.split(/: (.*)/s);
    if (words === "not looked up") return t("license not looked up");
    if (words === "BLS names none" || words.startsWith("none usually asked for")) return t("no license named");
    return { license: t("license"), "way in": t("apprenticeship") }[kind] ?? t("certification");
  }

  // School, related work and training, each in a few words; nothing of what is not asked for.
  function schooling({ years, asks: { experience, training } }) {
    return [years === "0" ? t("no more school") : years === "1" ? t("1 year of school") : t("{years} years of school", { years }),
      experience ? plural("{n} year of related work", "{n} years of related work", experience) : "",
      training === "no further training" ? "" : inWords(training)].filter(Boolean);
  }
  window.OUTLOOK.asks = { schooling, license };

  function what(row) {
    return [/\d/.test(row.gain) ? t("{gain} a year", row) : "", ...schooling(row), license(row.asks)].filter(Boolean).join("; ");
  }

  function draw(rows, place) {
    const old = section.querySelector("svg.picture");
    if (!rows.length) return old?.setAttribute("hidden", "");
    const shapes = [];
    let top = 0;
    const write = (words, at, kind) => shapes.push(shape("text", words, { x: 26, y: at, class: kind }));
    const rung = () => shapes.push(shape("line", "", { x1: 2, x2: 20, y1: top + 8, y2: top + 8, class: "rung" }));
    rows.forEach((row, i) => {
      rung();
      const [name, more] = [wrapped(`${i + 1}. ${row.title}`, LETTERS), wrapped(what(row), LETTERS + 6)];
      name.forEach((line, j) => write(line, top + 12 + 15 * j, "strong"));
      more.forEach((line, j) => write(line, top + 12 + 15 * name.length + 14 * j, "soft"));
      top += 15 * name.length + 14 * more.length + 8;
    });
    rung();
    const now = wrapped(t("Now: {title}", { title: document.querySelector("h1").textContent }), LETTERS);
    now.forEach((line, j) => write(line, top + 12 + 15 * j, ""));
    for (const x of [2, 20]) shapes.push(shape("line", "", { x1: x, x2: x, y1: 0, y2: top + 16, class: "rail" }));
    const steps = rows.map((row, i) => `${i + 1}. ${row.title}, ${row.education}: ${what(row)}`).join(" ");
    const width = document.querySelector("svg.picture").viewBox.baseVal.width;
    const picture = shape("svg", "", { class: "picture", role: "img", viewBox: `0 0 ${width} ${top + 15 * now.length + 4}`,
      "aria-label": t("Next steps for this client, with wages of {place}. {steps}", { place, steps }) });
    picture.append(...shapes);
    if (old) old.replaceWith(picture);
    else section.querySelector("h2").after(picture);
  }

  window.addEventListener("outlook-client", ({ detail: { rows, place } }) => {
    draw(rows.slice(0, RUNGS), place);
    const [first] = rows;
    sentence.textContent = "";
    next.textContent = first ? [
      first.years === "0" ? t("For this client: {title}, with no more school.", first)
        : first.years === "1" ? t("For this client: {title}, with 1 more year of school.", first)
          : t("For this client: {title}, with {years} more years of school.", first),
      /\d/.test(first.gain) ? t("Pay changes by {gain} a year.", first) : "",
      t("Pay is that of {place}.", { place }),
    ].filter(Boolean).join(" ") : t("No career path was found for this client with wages of {place}.", { place });
  });
})();
