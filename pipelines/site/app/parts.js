// Tables and lists of a page in Spanish come packed, so that the page is small; they are put where they belong
// at once. Whoever needs them waits for `OUTLOOK.whole`; other pages are whole from the start.
"use strict";
(() => {
  const outlook = (window.OUTLOOK ??= {});
  const block = document.getElementById("parts");
  if (!block) return;
  const said = (error) => {
    document.getElementById("status").textContent = error.message;
  };
  try {
    outlook.whole = outlook.unpack(block.textContent).json().then((parts) => {
      for (const place of document.querySelectorAll("[data-part]")) {
        place.replaceWith(document.createRange().createContextualFragment(parts[place.dataset.part]));
      }
      block.remove();
    }).catch(said);
  } catch (error) {
    said(error);
  }
})();
