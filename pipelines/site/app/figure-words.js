// The words of charts in the language of the page. Charts are made once, in English; their titles, labels,
// legends and notes are found in the catalogue. What is not found there stays English.
"use strict";
(() => {
  const { said, spanish } = window.OUTLOOK;
  const short = spanish?.charts ?? {}; // words for little room
  const MOST = 4; // lines that one sentence or name may be wrapped to
  const SMALLER = [1, 0.92, 0.85, 0.78]; // sizes to try until a text has no more lines than in English
  const known = (text) => (Object.hasOwn(short, text) ? short[text] : said(text));

  // A name, with the number before it and the mark after it that stay.
  function named(text) {
    const [, before, words, after] = /^(\s*(?:\d+\. )?)(.*?)((?:[\s\u00a0]§)?\s*)$/s.exec(text);
    return before + known(words) + after;
  }

  // One line: facts are joined by a dot, and tags stand between words.
  const line = (text) => text.split(/( · |<[^>]+>)/).map((part, i) => (i % 2 || !part.trim() ? part : named(part))).join("");

  // Lines, of which several may be one sentence or name.
  function lines(all) {
    const made = [];
    for (let at = 0; at < all.length;) {
      let next = Math.min(all.length, at + MOST);
      let whole = "";
      for (; next > at + 1; next--) {
        const joined = all.slice(at, next).join(" ");
        whole = named(joined);
        if (whole !== joined) break;
      }
      made.push(next > at + 1 ? whole : line(all[at]));
      at = Math.max(next, at + 1);
    }
    return made;
  }

  function wrapped(text, width) {
    const made = [""];
    for (const word of text.split(" ")) {
      const last = made.at(-1);
      if (last && last.length + word.length >= width) made.push(word);
      else made[made.length - 1] = last ? `${last} ${word}` : word;
    }
    return made;
  }

  // A text and the share of its size at which it has no more lines than in English.
  function sized(text) {
    const [, before, inner, after] = /^((?:<[bi]>)?)(.*?)((?:<\/[bi]>)?)$/s.exec(text);
    const old = inner.replaceAll("&#36;", "$").split("<br>");
    const whole = old.join(" ");
    let found = named(whole);
    if (found === whole) found = whole.split(/(?<=[.]) (?=[A-Z0-9§])/).map(named).join(" ");
    let [made, size] = [null, 1];
    if (found === whole) made = lines(old);
    else if (old.length === 1) made = [found];
    else {
      const width = Math.max(...old.map((one) => one.length)) + 2;
      size = SMALLER.find((share) => wrapped(found, width / share).length <= old.length) ?? SMALLER.at(-1);
      made = wrapped(found, width / size);
    }
    const joined = before + made.join("<br>") + after;
    return { text: text.includes("&#36;") ? joined.replaceAll("$", "&#36;") : joined, size };
  }

  const AS_IT_IS = new Set(["template", "meta", "customdata", "line", "marker", "font", "ids", "legendgroup"]);
  function inWords(part) {
    if (typeof part === "string") return /[a-z]/i.test(part) ? sized(part).text : part;
    if (Array.isArray(part)) return part.map(inWords);
    if (part === null || typeof part !== "object") return part;
    const made = Object.fromEntries(Object.entries(part).map(([key, one]) => [key, AS_IT_IS.has(key) ? one : inWords(one)]));
    if (typeof part.text === "string" && part.font?.size) {
      made.font = { ...part.font, size: part.font.size * sized(part.text).size };
    }
    return made;
  }
  window.OUTLOOK.inWords = inWords;
})();
