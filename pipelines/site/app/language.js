// What scripts say, in the language of the page. English stands in the scripts; app/es.js has the Spanish of
// it, made from locale/es/LC_MESSAGES/browser.po. What has no translation is shown in English.
"use strict";
(() => {
  const outlook = (window.OUTLOOK ??= {});
  const own = document.documentElement.lang === "es" ? outlook.spanish : null;
  const words = own?.words ?? {};
  const titles = { ...(own ? outlook.spanishTitles : null) };
  const has = (of, name) => Object.hasOwn(of, name);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (has(values, name) ? values[name] : whole));

  // The folder of the site as this page writes it: "", "../" or "../../".
  outlook.root = (document.currentScript?.getAttribute("src") ?? "").replace(/app\/language\.js.*$/, "");
  outlook.language = own ? "es" : "en";

  // A sentence with {named} values.
  outlook.t = (text, values = {}) => filled(has(words, text) ? words[text] : text, values);
  // One of two sentences by a number, which is {n} in them.
  outlook.plural = (one, many, n, values = {}) => {
    const found = has(words, one) ? words[one] : null;
    const text = found ? found[n === 1 ? 0 : 1] : n === 1 ? one : many;
    return filled(text, { n: n.toLocaleString("en-US"), ...values });
  };

  // Lines of at most so many letters, unless one word has more.
  outlook.wrapped = (words, letters) => {
    const lines = [""];
    for (const word of words.split(/\s+/)) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (longer.length <= letters) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines.filter(Boolean);
  };

  // What a place in a message may hold: a number by some names, by others no end of a sentence.
  const held = (name) => (own.places.numbers.includes(name) ? own.places.number : own.places.within);
  // Words that come with the data and charts: known ones, titles of occupations, and sentences with values.
  const patterns = (own?.patterns ?? []).map(([text, other]) => [
    new RegExp(`^${text.split(/(\{\w+\})/).map((part, i) => (i % 2
      ? `(?<${part.slice(1, -1)}>${held(part.slice(1, -1))})` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))).join("")}$`, "s"), other]);
  const known = new Map();
  // A value in a sentence: words, or several with a semicolon between them.
  const value = (text) => {
    const whole = outlook.said(text);
    return whole === text ? text.split("; ").map(outlook.said).join("; ") : whole;
  };
  function look(text) {
    if (has(words, text) && typeof words[text] === "string") return words[text];
    if (has(titles, text)) return titles[text];
    for (const [pattern, other] of patterns) {
      const found = pattern.exec(text);
      if (found) {
        const values = Object.entries(found.groups).map(([name, part]) => [name, value(part)]);
        return filled(other, Object.fromEntries(values));
      }
    }
    return text;
  }
  outlook.said = (text) => {
    if (!own || typeof text !== "string" || !/[a-z]/i.test(text)) return text;
    if (!known.has(text)) known.set(text, look(text));
    return known.get(text);
  };

  // Names known only to this page, such as its tasks: {English: other}.
  outlook.learn = (names) => {
    Object.assign(titles, names);
    known.clear();
  };

  // Titles of occupations in the language of the page: a file of their own, read when one is met.
  let naming = null;
  outlook.named = () => {
    naming ??= !own || outlook.spanishTitles ? Promise.resolve() : new Promise((done) => {
      const script = document.createElement("script");
      script.src = `${outlook.root}app/es-titles.js`;
      script.onload = () => {
        outlook.learn(outlook.spanishTitles);
        done();
      };
      script.onerror = done; // titles stay English
      document.head.append(script);
    });
    return naming;
  };

  // The page of an occupation: in the language of this page where it has one in it.
  const translated = new Set(own?.pages ?? []);
  outlook.page = (code) => `${outlook.root}${translated.has(code) ? "es/" : ""}o/${code}.html`;
})();
