// The search box: what `find` finds, as links.
"use strict";
(() => {
  const box = document.getElementById("search");
  const list = document.getElementById("found");
  const said = document.getElementById("search-status");
  const { find } = window.OUTLOOK;

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
    said.textContent = !text.trim() ? "" :
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
})();
