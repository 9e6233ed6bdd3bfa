// Search over titles, other names and codes; a wrong letter or an unfinished word still finds.
"use strict";
(() => {
  const box = document.getElementById("search");
  const list = document.getElementById("found");
  const said = document.getElementById("search-status");
  const entries = window.OUTLOOK.search;
  const MOST = 12;
  const words = (text) => text.toLowerCase().normalize("NFKD").match(/[a-z0-9]+/g) ?? [];

  // Each word once, with the names it stands in: a few thousand words instead of 70,000 names.
  const names = [];
  const places = new Map();
  entries.forEach(([, title, , others], occupation) => {
    [title, ...others].forEach((name, i) => {
      const own = words(name);
      names.push({ occupation, name, own: i === 0, size: own.length });
      for (const word of new Set(own)) {
        if (!places.has(word)) places.set(word, []);
        places.get(word).push(names.length - 1);
      }
    });
  });
  const known = [...places.keys()];

  // Letters to change, add, drop or swap with the next; more than `most` is not counted out.
  function distance(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let [before, row] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        const same = a[i - 1] === b[j - 1] ? 0 : 1;
        next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
      }
      if (Math.min(...next) > most) return most + 1;
      [before, row] = [row, next];
    }
    return row[b.length];
  }

  // How well a word that was typed fits a known word, 0 to 1.
  function fit(typed, word) {
    if (word === typed) return 1;
    if (word.startsWith(typed)) return 0.6 + 0.3 * (typed.length / word.length);
    if (typed.length > 4 && typed.endsWith("s") && word.startsWith(typed.slice(0, -1))) return 0.6;
    const most = typed.length < 4 ? 0 : typed.length < 8 ? 1 : 2;
    if (!most) return 0;
    const whole = distance(typed, word, most);
    if (whole <= most) return 0.75 - 0.2 * whole;
    // An unfinished word may be misspelled too.
    const start = word.slice(0, typed.length);
    const near = word.length > typed.length && typed.length > 4 ? distance(typed, start, 1) : 9;
    return near <= 1 ? 0.4 : 0;
  }

  function find(text) {
    const code = text.trim().match(/^\d{2}-?\d{0,4}(\.\d{0,2})?$/);
    if (code) {
      const digits = text.replace(/\D/g, "");
      return entries.filter(([c]) => c.replace(/\D/g, "").startsWith(digits))
        .slice(0, MOST).map((entry) => ({ entry, by: entry[1] }));
    }
    const typed = words(text);
    if (!typed.length) return [];
    const score = new Map();
    typed.forEach((word, at) => {
      const best = new Map();
      for (const other of known) {
        const value = fit(word, other);
        if (!value) continue;
        for (const name of places.get(other)) {
          if ((best.get(name) ?? 0) < value) best.set(name, value);
        }
      }
      for (const [name, value] of best) {
        if (at === 0 || score.has(name)) score.set(name, (score.get(name) ?? 0) + value);
      }
      // A name must answer every word that was typed.
      for (const name of [...score.keys()]) if (!best.has(name)) score.delete(name);
    });
    const found = new Map();
    for (const [at, sum] of score) {
      const { occupation, name, own, size } = names[at];
      const value = sum / Math.max(typed.length, (typed.length + size) / 2) +
        (own ? 0.15 : 0) + 0.1 * entries[occupation][2];
      if (value > (found.get(occupation)?.value ?? 0)) found.set(occupation, { value, by: name });
    }
    return [...found].sort((a, b) => b[1].value - a[1].value || a[0] - b[0]).slice(0, MOST)
      .map(([occupation, { by }]) => ({ entry: entries[occupation], by }));
  }

  function show() {
    const text = box.value;
    const results = find(text);
    list.replaceChildren(...results.map(({ entry: [code, title, technician], by }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `o/${code}.html`;
      link.textContent = title;
      const more = document.createElement("span");
      more.className = "soft";
      more.textContent = ` ${code}${by === title ? "" : `, also called ${by}`}${technician ? "" : " (in brief)"}`;
      item.append(link, more);
      return item;
    }));
    said.textContent = !words(text).length ? "" :
      results.length ? `${results.length} occupation${results.length > 1 ? "s" : ""} found` :
      "Nothing found. Try another word for the job, or a part of it.";
    const place = new URL(window.location);
    place.hash = text ? `q=${encodeURIComponent(text)}` : "";
    window.history.replaceState(null, "", place);
  }

  box.addEventListener("input", show);
  document.getElementById("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  const asked = new URLSearchParams(window.location.hash.slice(1)).get("q");
  if (asked) {
    box.value = asked;
    show();
  }
  window.OUTLOOK.find = find;
})();
