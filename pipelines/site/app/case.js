// The client's case: what was assumed, the link to it, links that take it along, the table as CSV.
"use strict";
(() => {
  const form = document.getElementById("client-form");
  if (!form) return;
  const assumed = document.getElementById("client-assumed");
  const status = document.getElementById("client-link-said");
  const { code, said: inWords, t } = window.OUTLOOK;
  let current = { rows: [], place: t("the United States") };

  const chosen = () => [...form.querySelectorAll("select")].map((choice) => [
    form.querySelector(`label[for="${choice.id}"]`).textContent, choice.selectedOptions[0].textContent]);
  const ticks = () => [...form.querySelectorAll("[name=credential]:checked")].map((tick) => tick.value);
  const article = (level) => `${/^[AEIO]/.test(level) ? "an" : "a"} ${level[0].toLowerCase()}${level.slice(1)}`;

  // A text of the table as a number: "+$1,234" is 1234, what is not known is empty.
  function number(text) {
    const found = /^([+−-]?)\$?([\d,]+(?:\.\d+)?)/.exec(text);
    return found ? Number(`${found[1] === "−" || found[1] === "-" ? "-" : ""}${found[2].replaceAll(",", "")}`) : "";
  }

  function assumptions() {
    const net = window.OUTLOOK.network;
    const level = Number(form.elements.namedItem("education").value);
    const said = net.credentials.filter((c) => ticks().includes(c.name) && c.level > level)
      .map((c) => t("{credential} counts as {level}, for it asks for one.",
        { credential: c.name, level: inWords(article(net.levels[c.level])) }));
    return [...said, t("What is held is taken to be in the field of the present work."),
      t("Pay is that of {place}; school years and tuition are the usual ones of the country, before aid.", current)];
  }

  // What the client pays and gains: the present job's wage in the place, from any row that knows both.
  window.OUTLOOK.clientNow = () => {
    const row = current.rows.find(({ wage, gain }) => number(wage) !== "" && number(gain) !== "");
    return row ? number(row.wage) - number(row.gain) : null;
  };
  window.OUTLOOK.clientCase = () => ({ ...current, assumed: assumptions() });

  function carry() {
    const asked = window.OUTLOOK.address.read();
    asked.delete("week");
    const words = window.OUTLOOK.address.words(asked);
    for (const link of document.querySelectorAll("#client-ways a")) {
      link.href = `${link.getAttribute("href").split("#")[0]}${words ? `#${words}` : ""}`;
    }
    for (const other of document.querySelectorAll("a[hreflang][lang]")) {
      other.href = `${other.getAttribute("href").split("#")[0]}${words ? `#${words}` : ""}`;
    }
    const compare = document.getElementById("compare-link");
    if (compare) compare.href = `${compare.getAttribute("href").split("#")[0]}#o=${code}${words ? `&${words}` : ""}`;
  }

  window.addEventListener("outlook-client", ({ detail }) => {
    current = detail;
    assumed.textContent = t("Assumed: {assumptions}", { assumptions: assumptions().join(" ") });
    carry();
  });

  document.getElementById("client-copy").addEventListener("click", async () => {
    const link = window.OUTLOOK.address.link();
    try {
      await navigator.clipboard.writeText(link);
      status.textContent = t("The link is copied. Whoever has it sees the choices.");
    } catch {
      status.textContent = t("Copy this: {link}", { link }); // a page opened from a folder may not write there
    }
  });

  document.getElementById("client-csv").addEventListener("click", () => {
    const { rows, place } = current;
    const heads = [[t("occupation"), "title"], [t("kind of move"), "section"], [t("by way of"), "via"],
      [t("required education"), "education"], [t("additional school (years)"), "years", 1],
      [t("time to qualify (years)"), "qualify", 1], [t("training after hiring"), "training"],
      [t("tuition (US $)"), "tuition", 1], [t("median wage in {place} (US $ per year)", { place }), "wage", 1],
      [t("change in median wage (US $ per year)"), "gain", 1], [t("change in exposure (0 to 1)"), "exposure", 1],
      [t("change in automation score (0 to 1)"), "automation", 1], [t("license or credential"), "papers"]];
    window.OUTLOOK.saveCsv([heads.map(([head]) => head), ...rows.map((row) => heads.map(([, name, numeric]) => {
      if (numeric) return number(row[name]);
      return row[name] === "–" ? "" : row[name];
    }))], `ways_up_${code}.csv`);
  });

  // Source, release and choices beside the table: a spreadsheet would take such lines for rows.
  document.getElementById("client-about").addEventListener("click", () => {
    const nothing = t("none");
    const held = t("Credentials held: {names}", { names: ticks().join(", ") || nothing });
    const wages = t("Wages of: {place}", current);
    const lines = [t("Career paths from {title} (O*NET-SOC {code})", { title: document.querySelector("h1").textContent, code }),
      document.querySelector("footer p").textContent.trim(), "", t("Choices:"),
      ...chosen().map(([name, value]) => `- ${name}: ${value}`),
      `- ${held}`, `- ${wages}`, "", ...assumptions(), "", t("Address: {link}", { link: window.OUTLOOK.address.link() })];
    window.OUTLOOK.save(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/plain" }), `ways_up_${code}_about.txt`);
  });
})();
