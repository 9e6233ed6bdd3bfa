// Sections stand folded. A link to one opens it, and a printed page has them all.
"use strict";
(() => {
  const folds = [...document.querySelectorAll("details.fold")];
  if (!folds.length) return;

  // "#pay" names a section; "#state=TX" is what was chosen for the client.
  function open() {
    const name = window.location.hash.slice(1);
    const place = name && !name.includes("=") ? document.getElementById(name) : null;
    const fold = place?.closest("details.fold");
    if (!fold) return;
    fold.open = true;
    place.scrollIntoView();
  }

  let opened = [];
  window.addEventListener("beforeprint", () => {
    if (document.body.classList.contains("printing-handout")) return;
    opened = folds.filter((fold) => !fold.open);
    for (const fold of opened) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
    opened = [];
  });
  window.addEventListener("hashchange", open);
  open();
})();
