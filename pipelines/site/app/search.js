// The search box: what `find` finds, as links.
"use strict";
(() => {
  const box = document.getElementById("search");
  const list = document.getElementById("found");
  const said = document.getElementById("search-status");
  const { find, page, plural, said: inWords, t } = window.OUTLOOK;

  function show() {
    const text = box.value;
    const results = find(text);
    list.replaceChildren(...results.map(({ entry: [code, title, technician], by }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = page(code);
      link.textContent = inWords(title);
      const more = document.createElement("span");
      more.className = "soft";
      const beside = [code];
      if (by !== title && by !== inWords(title)) beside.push(t("also called {name}", { name: by }));
      more.textContent = ` ${beside.join(", ")}`;
      if (!technician) more.append(" ", t("(in brief)"));
      item.append(link, more);
      return item;
    }));
    said.textContent = !text.trim() ? "" :
      results.length ? plural("{n} occupation found", "{n} occupations found", results.length) :
      t("Nothing found. Try another word for the job, or a part of it.");
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
})();
