// Reads the section on schools when it comes into view: few who open a page go that far.
"use strict";
(() => {
  const place = document.getElementById("schools-near");
  if (!place) return;
  const { t } = window.OUTLOOK;
  const card = document.getElementById("card-programs");
  const add = (file, then) => {
    const script = document.createElement("script");
    script.src = `${window.OUTLOOK.root}${file}`;
    script.onload = then;
    script.onerror = () => { place.textContent = t("The schools cannot be shown: the file {file} is missing.", { file }); };
    document.head.append(script);
  };
  const seen = new IntersectionObserver((seen, watch) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    add("data/programs.js", () => add("app/schools.js"));
  }, { rootMargin: "400px" });
  for (const one of [place, card]) if (one) seen.observe(one);
})();
