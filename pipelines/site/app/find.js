// Which occupation a job title means: the rule of occupations/titles.py, in the browser.
"use strict";
(() => {
  const { entries, noise, short, weights } = window.OUTLOOK.search;
  const MOST = 12;
  const silent = new Set(noise);

  function singular(word) {
    if (word.length > 4 && word.endsWith("ies")) return word.slice(0, -3) + "y";
    const kept = ["ss", "us", "is"].some((end) => word.endsWith(end));
    return word.length > 4 && word.endsWith("s") && !kept ? word.slice(0, -1) : word;
  }

  const words = (title) => [...new Set((title.toLowerCase().match(/[a-z0-9+#]+/g) ?? [])
    .flatMap((raw) => (Object.hasOwn(short, raw) ? short[raw].split(" ") : [raw]))
    .filter((word) => !silent.has(word) && !/^[0-9]+$/.test(word)).map(singular))];

  // The words of a title that is looked up: what follows a dash, comma or bracket counts less.
  function askedWords(title) {
    const at = title.search(/\s[-–|]\s|[,(|/]/);
    const first = words(at < 0 ? title : title.slice(0, at));
    const later = at < 0 ? [] : words(title.slice(at));
    const found = new Map(first.map((word) => [word, 1]));
    for (const word of later) if (!found.has(word)) found.set(word, first.length ? weights.later : 1);
    return [...found];
  }

  // Each word once, with the names it stands in: a few thousand words instead of 60,000 names.
  const names = [];
  const places = new Map();
  const count = new Array(entries.length).fill(0);
  entries.forEach(([, title, , others], occupation) => {
    for (const name of [title, ...others]) {
      for (const word of words(name)) {
        if (!places.has(word)) places.set(word, []);
        places.get(word).push(names.length);
      }
      names.push({ occupation, name, size: 0 });
      count[occupation] += 1;
    }
  });
  const worth = new Map();
  for (const [word, at] of places) {
    const holders = new Set(at.map((i) => names[i].occupation)).size;
    worth.set(word, Math.log((entries.length + 1) / (holders + 0.5)));
    for (const i of at) names[i].size += worth.get(word);
  }
  const known = [...places.keys()];

  // Letters to change, add, drop or swap with the next; more than `most` is not counted out.
  function changes(a, b, most) {
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

  // Known words that a typed one may be, and how well each fits, 0 to 1.
  function fitting(word, unfinished) {
    const found = new Map(places.has(word) ? [[word, 1]] : []);
    if (unfinished && word.length > 2) {
      for (const other of known) {
        if (other.startsWith(word) && other !== word) found.set(other, weights.unfinished);
      }
    }
    if (found.size) return found;
    const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
    if (!most) return found;
    const near = known.filter((other) => Math.abs(other.length - word.length) <= most)
      .map((other) => [other, changes(word, other, most)]);
    const least = near.reduce((best, [, n]) => Math.min(best, n), most + 1);
    if (least > most) return found;
    const value = least === 1 ? weights.one : weights.two;
    return new Map(near.filter(([, n]) => n === least).map(([other]) => [other, value]));
  }

  function find(text) {
    if (/^\d{2}-?\d{0,4}(\.\d{0,2})?$/.test(text.trim())) {
      const digits = text.replace(/\D/g, "");
      return entries.filter(([c]) => c.replace(/\D/g, "").startsWith(digits))
        .slice(0, MOST).map((entry) => ({ entry, by: entry[1] }));
    }
    const asked = askedWords(text);
    const hit = new Map();
    const held = new Map();
    let total = 0;
    asked.forEach(([word, weight], place) => {
      const fits = fitting(word, place === asked.length - 1);
      if (!fits.size) return;
      const fit = new Map();
      for (const [other, value] of fits) {
        for (const i of places.get(other)) if ((fit.get(i) ?? 0) < value) fit.set(i, value);
      }
      const most = weight * Math.max(...[...fits.keys()].map((other) => worth.get(other)));
      total += most;
      const shares = new Map();
      for (const [i, value] of fit) {
        const { occupation } = names[i];
        hit.set(i, (hit.get(i) ?? 0) + value * most);
        shares.set(occupation, (shares.get(occupation) ?? 0) + value);
      }
      for (const [o, sum] of shares) {
        held.set(o, (held.get(o) ?? 0) + most * Math.log1p((30 * sum) / (count[o] + weights.few)));
      }
    });
    const best = new Map();
    for (const [i, value] of [...hit].sort(([a], [b]) => a - b)) {
      const { occupation, name, size } = names[i];
      const score = value / Math.sqrt(total * Math.max(size, value)) * Math.sqrt(value / total);
      if (score > (best.get(occupation)?.score ?? 0)) best.set(occupation, { score, by: name });
    }
    return [...best].map(([o, { score, by }]) => ({
      entry: entries[o], by, o,
      value: score + weights.names * held.get(o) / total + weights.jobs * entries[o][4],
    })).sort((a, b) => b.value - a.value || a.o - b.o).slice(0, MOST);
  }

  window.OUTLOOK.find = find;
})();
