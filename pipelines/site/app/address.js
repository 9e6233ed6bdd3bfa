// The choices in the address, in words that people can read: education=associates-degree&state=TX.
// What it cannot read is replaced by the usual choice, and said.
"use strict";
(() => {
  const outlook = (window.OUTLOOK ??= {});
  const { t, said: inWords } = outlook;
  const form = document.querySelector("form.choices");
  const slug = (text) => text.split(":")[0].trim().toLowerCase().replace(/[’']/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  // The address is in English on every page, so that it holds when the language changes.
  const english = (outlook.language === "es" && outlook.spanish.options) || {};
  const word = (choice, option) => slug(english[choice.name]?.[option.value] ?? option.text);
  const selects = form ? [...form.querySelectorAll("select")] : [];
  let last = "";

  const strange = (name, wanted) => `${inWords(name)} “${wanted.slice(0, 40)}”`;

  // The choices of the address by name, each as the value of its field. "#pay" is a section, not a choice.
  function read() {
    const text = window.location.hash.slice(1);
    if (!text || text.includes("=")) last = text;
    const asked = new URLSearchParams(last);
    const unknown = [];
    for (const choice of selects) {
      const wanted = asked.get(choice.name);
      if (wanted === null) continue;
      const options = [...choice.options];
      const found = options.find((o) => o.value === wanted) ??
        options.find((o) => o.value.toLowerCase() === wanted.toLowerCase() || word(choice, o) === slug(wanted));
      if (found) asked.set(choice.name, found.value);
      else {
        unknown.push(strange(choice.name, wanted));
        asked.delete(choice.name);
      }
    }
    const area = asked.get("area");
    if (form && area !== null && !(document.getElementById("c-area") && /^([0-9]{5}|[0-9]{7})$/.test(area))) {
      unknown.push(strange("area", area));
      asked.delete("area");
    }
    if (form && asked.has("held")) {
      const boxes = [...form.querySelectorAll("[name=credential]")].map((tick) => tick.value);
      const held = asked.get("held").split(",").filter(Boolean);
      const names = held.map((name) => boxes.find((box) => box.toLowerCase() === name.toLowerCase()));
      // What is held may open other fields and stand on no list here: that is no mistake of the address.
      asked.set("held", names.filter(Boolean).join(","));
      const others = held.filter((_, i) => !names[i]);
      if (others.length) unknown.push(strange("credential", others.join(", ")));
    }
    const said = document.getElementById("address-said");
    if (said) {
      said.textContent = unknown.length
        ? t("The address of this page holds what is no choice here: {choices}. The usual choice stands in its place.",
          { choices: unknown.join("; ") }) : "";
    }
    return asked;
  }

  // Values of the fields as the address shows them.
  function words(asked) {
    const shown = new URLSearchParams(asked);
    for (const name of [...shown.keys()]) if (!shown.get(name)) shown.delete(name);
    for (const choice of selects) {
      const option = [...choice.options].find((o) => o.value === shown.get(choice.name));
      if (option && !/^[A-Z]{2}$/.test(option.value)) shown.set(choice.name, word(choice, option));
    }
    return shown.toString().replaceAll("%2C", ",");
  }

  // The whole address with the choices, also where a link to a section took their place.
  function link() {
    const place = new URL(window.location);
    place.hash = words(read());
    return place.href;
  }

  outlook.address = { read, words, link };
})();
