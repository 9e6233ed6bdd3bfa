// Draws the figures of the page from ../data/CODE.js when they come into view.
"use strict";
(() => {
  const status = document.getElementById("status");
  const { t } = window.OUTLOOK;
  // The figures come packed: a page is read in half the time.
  const ready = (async () => {
    window.OUTLOOK.figures = await window.OUTLOOK.unpack(window.OUTLOOK.packedFigures).json();
    for (const tools of document.querySelectorAll(".takeaway[data-for]")) tools.hidden = false;
    return window.OUTLOOK.figures;
  })();
  ready.catch(() => {}); // who draws says what is wrong

  // On a page in another language their words are said in it, once a figure is asked for.
  let saying = null;
  window.OUTLOOK.shown = () => {
    saying ??= (async () => {
      const figures = await ready;
      await window.OUTLOOK.named();
      window.OUTLOOK.figures = window.OUTLOOK.inWords?.(figures) ?? figures;
      return window.OUTLOOK.figures;
    })();
    return saying;
  };

  // The drawing library is large: it is read when the first chart is drawn. A saved page unpacks it.
  let loading = null;
  window.OUTLOOK.plotly = () => {
    loading ??= window.OUTLOOK.drawing ?? new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `${window.OUTLOOK.root}app/plotly.min.js`;
      script.onload = done;
      script.onerror = () => failed(new Error(t("the file {file} is missing", { file: "app/plotly.min.js" })));
      document.head.append(script);
    });
    return loading;
  };
  const places = [...document.querySelectorAll("[data-chart]")];

  async function draw(place) {
    try {
      const figure = (await window.OUTLOOK.shown())[place.dataset.chart];
      await window.OUTLOOK.plotly();
      // Out of sight (a phone, a folded section) a chart has no width to follow: it is drawn for paper.
      if (!place.offsetWidth) place.style.width ||= "720px";
      await window.Plotly.newPlot(place, figure.data, figure.layout, {
        responsive: true, displayModeBar: false, scrollZoom: false,
      });
      place.dataset.drawn = "yes";
    } catch (problem) {
      status.textContent = t("A figure cannot be drawn ({problem}). Its numbers are in the tables.", { problem: problem.message });
    }
  }

  for (const place of places) {
    place.style.height = `${place.dataset.height}px`;
    if (place.dataset.width) place.style.width = `${place.dataset.width}px`;
  }
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        seen.unobserve(entry.target);
        draw(entry.target);
      }
    }
  }, { rootMargin: "300px" });
  for (const place of places) seen.observe(place);

  // A chart that came later, or that has changed: drawn when it is in view.
  window.OUTLOOK.drawAgain = (place) => {
    if (!places.includes(place)) places.push(place);
    delete place.dataset.drawn;
    seen.unobserve(place);
    seen.observe(place);
  };

  // A printed page shows every figure, also those that were never scrolled to.
  window.OUTLOOK.drawAll = () =>
    Promise.all(places.filter((p) => !p.dataset.drawn).map(draw));
  window.addEventListener("beforeprint", () => window.OUTLOOK.drawAll());
})();
