// Which occupation a job title means: the rule of occupations/titles.py, in the browser.
"use strict";
(() => {
  const { entries, noise, short, everyday, sounds, weights } = window.OUTLOOK.search;
  const MOST = 12;
  const TOO_MANY = 9;
  const { language, said } = window.OUTLOOK;
  // On a Spanish page an occupation has its Spanish title among its names, and these words say nothing.
  const spanish = language === "es";
  const silent = new Set(spanish ? [...noise, ..."a con de del e el en la las los o para por u y".split(" ")] : noise);

  function singular(word) {
    if (word.length > 4 && word.endsWith("ies")) return word.slice(0, -3) + "y";
    const kept = ["ss", "us", "is"].some((end) => word.endsWith(end));
    return word.length > 4 && word.endsWith("s") && !kept ? word.slice(0, -1) : word;
  }

  // Small letters without accents.
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  // A word as it sounds, roughly.
  const sound = (word) => sounds.reduce((said, [a, b]) => said.replaceAll(a, b), word).replace(/(.)\1/g, "$1");

  const words = (title) => [...new Set((plain(title).match(/[a-z0-9+#]+/g) ?? [])
    .flatMap((raw) => (Object.hasOwn(short, raw) ? short[raw].split(" ") : [raw]))
    .filter((word) => !silent.has(word) && !/^[0-9]+$/.test(word)).map(singular))];

  // The words of a title that is looked up: what follows a dash, comma or bracket counts less.
  const meant = Object.entries(everyday).map(([asked, other]) =>
    [new RegExp(`(?<![a-z0-9])${asked.replace(/[+]/g, "\\$&")}(?![a-z0-9+])`, "g"), other]);
  const inEnglish = (text) => meant.reduce((found, [asked, other]) => found.replace(asked, other), plain(text));
  function askedWords(typed) {
    const title = inEnglish(typed);
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
    const local = spanish ? said(title) : title;
    for (const name of local === title ? [title, ...others] : [title, ...others, local]) {
      // "Técnico/a" is looked up as "técnico", and both as English says it.
      for (const word of words(name === local && local !== title ? inEnglish(local.replace(/\/as?(?![a-z])/g, "")) : name)) {
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
  const owned = new Map(entries.map(([, title], occupation) => [words(title).join(" "), occupation]));
  const known = [...places.keys()];
  const sounded = known.map((word) => [word, sound(word)]);

  // The words asked; two that are written as one elsewhere count as one, with their halves. A word
  // that nobody writes so is parted where both halves are known.
  function joined(asked) {
    const parted = asked.flatMap(([word, weight], place) => {
      const last = place === asked.length - 1;
      if (places.has(word) || (last && known.some((other) => other.startsWith(word)))) return [[word, weight]];
      const at = [];
      for (let i = weights.halfFrom; i <= word.length - weights.halfFrom; i++) at.push(i);
      at.sort((a, b) => Math.abs(2 * a - word.length) - Math.abs(2 * b - word.length) || a - b);
      const cut = at.find((i) => places.has(word.slice(0, i)) && places.has(word.slice(i)));
      return cut ? [[word.slice(0, cut), weight], [word.slice(cut), weight]] : [[word, weight]];
    });
    const found = [];
    for (const [word, weight] of parted) {
      const before = found.at(-1);
      if (before && !before[2] && places.has(before[0] + word) && places.has(before[0]) && places.has(word)) {
        found[found.length - 1] = [before[0] + word, before[1], [before[0], word]];
      } else found.push([word, weight, null]);
    }
    return found;
  }

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

  const forgiven = (word) => (word.length < weights.oneFrom ? 0 : word.length < weights.twoFrom ? 1 : 2);

  // Known words that a typed one may be, and how well each fits, 0 to 1.
  function fitting(word, unfinished) {
    const found = new Map(places.has(word) ? [[word, 1]] : []);
    if (unfinished && word.length > 2) {
      for (const other of known) {
        if (other.startsWith(word) && other !== word) found.set(other, weights.unfinished);
      }
    }
    if (found.size) return found;
    const most = forgiven(word);
    if (!most) return found;
    const heard = sound(word);
    const byEar = Math.min(most, forgiven(heard));
    const far = (a, b, within) => {
      const count = within && Math.abs(a.length - b.length) <= within ? changes(a, b, within) : TOO_MANY;
      return count <= within ? count : TOO_MANY;
    };
    // Two words of one sound are still not written alike.
    // The first letter is hardly ever mistaken.
    const near = sounded.filter(([, said]) => said[0] === heard[0]).map(([other, said]) => [other, 
      Math.min(far(word, other, most), Math.max(1, far(heard, said, byEar)))]);
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
    const asked = joined(askedWords(text));
    const hit = new Map();
    const held = new Map();
    let [total, knownShare] = [0, 0];
    asked.forEach(([word, weight, halves], place) => {
      const fits = fitting(word, place === asked.length - 1);
      if (!fits.size) return;
      const fit = new Map();
      for (const [other, value] of fits) {
        for (const i of places.get(other)) if ((fit.get(i) ?? 0) < value) fit.set(i, value);
      }
      if (halves) {
        const second = new Set(places.get(halves[1]));
        for (const i of places.get(halves[0])) if (second.has(i)) fit.set(i, 1);
      }
      const best = Math.max(...fits.values());
      knownShare += weight * (best === 1 || best === weights.unfinished ? 1 : weights.misspelled);
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
    if (!total || knownShare < weights.enough * asked.reduce((sum, [, weight]) => sum + weight, 0)) return [];
    const best = new Map();
    for (const [i, value] of [...hit].sort(([a], [b]) => a - b)) {
      const { occupation, name, size } = names[i];
      const score = value / Math.sqrt(total * Math.max(size, value)) * Math.sqrt(value / total);
      if (score > (best.get(occupation)?.score ?? 0)) best.set(occupation, { score, by: name });
    }
    const found = [...best].map(([o, { score, by }]) => ({
      entry: entries[o], by, o,
      value: score + weights.names * held.get(o) / total + weights.jobs * entries[o][4],
    })).sort((a, b) => b.value - a.value || a.o - b.o);
    // What was typed as it is called comes first; else no group of what is left over does.
    const own = owned.get(words(text).join(" "));
    const first = found.findIndex(({ o, entry }) => (own === undefined ? !entry[1].endsWith(weights.leftOver) : o === own));
    if (first > 0) found.unshift(...found.splice(first, 1));
    return found.slice(0, MOST);
  }

  window.OUTLOOK.find = find;
})();
