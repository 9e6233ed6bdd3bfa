// The client's case: what was assumed, the link to it, links that take it along, the table as CSV.
"use strict";
(() => {
  const form = document.getElementById("client-form");
  if (!form) return;
  const assumed = document.getElementById("client-assumed");
  const status = document.getElementById("client-link-said");
  const next = document.getElementById("next-said");
  const code = window.OUTLOOK.code;
  let current = { rows: [], place: "the United States" };

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
      .map((c) => `${c.name} counts as ${article(net.levels[c.level])}, for it asks for one.`);
    return [...said, "What is held is taken to be in the field of the present work.",
      `Pay is that of ${current.place}; school years and tuition are the usual ones of the country, before aid.`];
  }

  // What the client pays and gains: the present job's wage in the place, from any row that knows both.
  window.OUTLOOK.clientNow = () => {
    const row = current.rows.find(({ wage, gain }) => number(wage) !== "" && number(gain) !== "");
    return row ? number(row.wage) - number(row.gain) : null;
  };
  window.OUTLOOK.clientCase = () => ({ ...current, assumed: assumptions() });

  // The address with the choices, also where a link to a section took its place.
  const address = () => {
    const place = new URL(window.location);
    place.hash = window.OUTLOOK.address.words(window.OUTLOOK.address.read());
    return place.href;
  };

  function carry() {
    const asked = window.OUTLOOK.address.read();
    asked.delete("week");
    const words = window.OUTLOOK.address.words(asked);
    for (const link of document.querySelectorAll("#client-ways a")) {
      link.href = `${link.getAttribute("href").split("#")[0]}${words ? `#${words}` : ""}`;
    }
    const compare = document.getElementById("compare-link");
    if (compare) compare.href = `../compare.html#o=${code}${words ? `&${words}` : ""}`;
  }

  window.addEventListener("outlook-client", ({ detail }) => {
    current = detail;
    assumed.textContent = `Assumed: ${assumptions().join(" ")}`;
    carry();
    const [first] = detail.rows;
    if (!next) return;
    const years = first && (first.years === "0" ? "no more school" : `${first.years} more year${first.years === "1" ? "" : "s"} of school`);
    next.textContent = first ? `For this client: ${first.title}, with ${years}.` : "";
  });

  document.getElementById("client-copy").addEventListener("click", async () => {
    const link = address();
    try {
      await navigator.clipboard.writeText(link);
      status.textContent = "The link is copied. Whoever has it sees the choices.";
    } catch {
      status.textContent = `Copy this: ${link}`; // a page opened from a folder may not write there
    }
  });

  document.getElementById("client-csv").addEventListener("click", () => {
    const { rows, place } = current;
    const heads = [["occupation", "title"], ["kind of move", "section"], ["by way of", "via"],
      ["required education", "education"], ["additional school (years)", "years", 1],
      ["time to qualify (years)", "qualify", 1], ["training after hiring", "training"],
      ["tuition (US $)", "tuition", 1], [`median wage in ${place} (US $ per year)`, "wage", 1],
      ["change in median wage (US $ per year)", "gain", 1], ["change in exposure (0 to 1)", "exposure", 1],
      ["change in automation score (0 to 1)", "automation", 1], ["license or credential", "papers"]];
    window.OUTLOOK.saveCsv([heads.map(([head]) => head), ...rows.map((row) => heads.map(([, name, numeric]) => {
      if (numeric) return number(row[name]);
      return row[name] === "–" ? "" : row[name];
    }))], `ways_up_${code}.csv`);
  });

  // Source, release and choices beside the table: a spreadsheet would take such lines for rows.
  document.getElementById("client-about").addEventListener("click", () => {
    const lines = [`Career paths from ${document.querySelector("h1").textContent} (O*NET-SOC ${code})`,
      document.querySelector("footer p").textContent.trim(), "", "Choices:",
      ...chosen().map(([name, value]) => `- ${name}: ${value}`), `- Credentials held: ${ticks().join(", ") || "none"}`,
      `- Wages of: ${current.place}`, "", ...assumptions(), "", `Address: ${address()}`];
    window.OUTLOOK.save(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/plain" }), `ways_up_${code}_about.txt`);
  });
})();
