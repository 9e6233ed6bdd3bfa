// Charts to take away: PNG at twice the size, SVG, PDF of one page, and the data as CSV.
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

  // One page that holds one JPEG: the smallest PDF there is, and every program opens it.
  async function pdf(figure) {
    const { width, height } = size(figure);
    const image = new Uint8Array(await (await picture(figure, "jpeg", 3)).arrayBuffer());
    const points = [width * 0.75, height * 0.75].map((v) => v.toFixed(2));
    const text = (s) => new TextEncoder().encode(s);
    const draw = `q ${points[0]} 0 0 ${points[1]} 0 0 cm /I Do Q`;
    const objects = [
      [text("<< /Type /Catalog /Pages 2 0 R >>")],
      [text("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")],
      [text(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${points.join(" ")}] ` +
        "/Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R >>")],
      [text(`<< /Type /XObject /Subtype /Image /Width ${3 * width} /Height ${3 * height} ` +
        `/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${image.length} >>` +
        "\nstream\n"), image, text("\nendstream")],
      [text(`<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`)],
    ];
    const parts = [text("%PDF-1.4\n")];
    let at = parts[0].length;
    const starts = objects.map((object, i) => {
      const start = at;
      for (const part of [text(`${i + 1} 0 obj\n`), ...object, text("\nendobj\n")]) {
        parts.push(part);
        at += part.length;
      }
      return start;
    });
    const index = starts.map((s) => `${String(s).padStart(10, "0")} 00000 n \n`).join("");
    parts.push(text(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${index}` +
      `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`));
    return new Blob(parts, { type: "application/pdf" });
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
    if (kind === "csv") return csv(name);
    const figure = (await window.OUTLOOK.shown())[name];
    if (kind === "pdf") return pdf(figure);
    return picture(figure, kind, kind === "png" ? SCALE : 1);
  };

  for (const tools of document.querySelectorAll(".takeaway[data-for]")) {
    const status = tools.querySelector("[role=status]");
    for (const button of tools.querySelectorAll("[data-kind]")) {
      button.addEventListener("click", async () => {
        const [name, kind] = [tools.dataset.for, button.dataset.kind];
        button.disabled = true;
        try {
          const blob = await window.OUTLOOK.takeaway(name, kind);
          window.OUTLOOK.save(blob, `${name}_${window.OUTLOOK.code}.${kind}`);
          status.textContent = t("{kind} saved", { kind: kind.toUpperCase() });
        } catch (problem) {
          status.textContent = t("Not saved: {problem}", { problem: problem.message });
        } finally {
          button.disabled = false;
        }
      });
    }
  }
})();
