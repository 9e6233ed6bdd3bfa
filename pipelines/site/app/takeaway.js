// Charts to take away: PNG at twice the size, SVG, a page to print or save as PDF, and the data as CSV.
"use strict";
(() => {
  const SCALE = 2;
  const { t } = window.OUTLOOK;

  function size(figure) {
    return { width: figure.layout.width ?? 1000, height: figure.layout.height ?? 600 };
  }

  // The figure as it was made, not as this window is wide: the same picture as `outlook export`.
  async function picture(figure, format, scale) {
    await window.OUTLOOK.plotly();
    const url = await window.Plotly.toImage(
      { data: figure.data, layout: figure.layout }, { format, scale, ...size(figure) });
    return (await fetchData(url));
  }

  // fetch() of a data address is refused by some policies; reading it by hand is not.
  async function fetchData(url) {
    const [head, body] = [url.slice(5, url.indexOf(",")), url.slice(url.indexOf(",") + 1)];
    const type = head.split(";")[0];
    const bytes = head.endsWith(";base64")
      ? Uint8Array.from(atob(body), (c) => c.charCodeAt(0))
      : new TextEncoder().encode(decodeURIComponent(body));
    return new Blob([bytes], { type });
  }

  // A page as large as the chart, for the browser's printer: it saves lines as lines and text as text.
  window.OUTLOOK.sheetOf = async (name) => {
    const figure = (await window.OUTLOOK.shown())[name];
    const { width, height } = size(figure);
    const drawn = await (await picture(figure, "svg", 1)).text();
    return `<!DOCTYPE html><html lang="${document.documentElement.lang}"><title>${name}_${window.OUTLOOK.code}</title>` +
      `<style>@page { size: ${width}px ${height}px; margin: 0 } body { margin: 0 } svg { display: block }</style>${drawn}`;
  };

  async function print(name) {
    const frame = document.createElement("iframe");
    frame.style.cssText = "position: fixed; width: 0; height: 0; border: 0";
    frame.title = t("chart to print");
    frame.srcdoc = await window.OUTLOOK.sheetOf(name);
    frame.addEventListener("load", () => {
      frame.contentWindow.addEventListener("afterprint", () => setTimeout(() => frame.remove(), 0));
      frame.contentWindow.print();
    });
    document.body.append(frame);
  }

  // The CSV files are read only when one is asked for.
  function csv(name) {
    return new Promise((done, failed) => {
      const have = () => window.OUTLOOK.unpack(window.OUTLOOK.packedCsv).json()
        .then((csv) => done(new Blob([csv[name]], { type: "text/csv" })), failed);
      if (window.OUTLOOK.packedCsv) return have();
      const script = document.createElement("script");
      script.src = `${window.OUTLOOK.root}data/${window.OUTLOOK.code}-csv.js`;
      script.onload = have;
      script.onerror = () => failed(new Error(t("the file of its data is missing")));
      document.head.append(script);
      return undefined;
    });
  }

  window.OUTLOOK.takeaway = async (name, kind) => {
    const made = window.OUTLOOK.rowsOf[name];
    if (kind === "csv") return made ? new Blob([window.OUTLOOK.csv_text(made)], { type: "text/csv" }) : csv(name);
    const figure = (await window.OUTLOOK.shown())[name];
    return picture(figure, kind, kind === "png" ? SCALE : 1);
  };

  function bind(tools) {
    const status = tools.querySelector("[role=status]");
    for (const button of tools.querySelectorAll("[data-kind]")) {
      button.addEventListener("click", async () => {
        const [name, kind] = [tools.dataset.for, button.dataset.kind];
        button.disabled = true;
        try {
          if (kind === "pdf") {
            await print(name);
            status.textContent = t("PDF: choose “Save as PDF” as the printer");
          } else {
            const blob = await window.OUTLOOK.takeaway(name, kind);
            window.OUTLOOK.save(blob, `${name}_${window.OUTLOOK.code}.${kind}`);
            status.textContent = t("{kind} saved", { kind: kind.toUpperCase() });
          }
        } catch (problem) {
          status.textContent = t("Not saved: {problem}", { problem: problem.message });
        } finally {
          button.disabled = false;
        }
      });
    }
    return tools;
  }
  for (const tools of document.querySelectorAll(".takeaway[data-for]")) bind(tools);

  // The buttons of a chart that is made in the browser; its rows for a CSV file stand in `rowsOf` by its name.
  window.OUTLOOK.rowsOf = {};
  window.OUTLOOK.takeaways = (name, label) => {
    const tools = document.createElement("div");
    tools.className = "takeaway";
    tools.dataset.for = name;
    const heading = document.createElement("span");
    heading.textContent = t("Download this chart:");
    const buttons = ["PNG", "SVG", "PDF", "CSV"].map((kind) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: kind });
      button.dataset.kind = kind.toLowerCase();
      button.setAttribute("aria-label", t("{name} as {kind}", { name: label, kind }));
      return button;
    });
    const status = document.createElement("span");
    status.className = "soft";
    status.setAttribute("role", "status");
    tools.append(heading, ...buttons, status);
    return bind(tools);
  };
})();
