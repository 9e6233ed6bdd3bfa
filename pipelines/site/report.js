// Unpacks plotly.js, which the page carries compressed, and draws the page's figures. No request.
(async () => {
  const status = document.getElementById("status");
  try {
    if (!("DecompressionStream" in window)) {
      throw new Error("this browser is too old for them (it needs DecompressionStream, 2023)");
    }
    const packed = document.getElementById("plotly-gz").textContent.trim();
    const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const code = await new Response(stream).blob();
    await new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      script.onload = done;
      script.onerror = () => failed(new Error("the drawing library could not be unpacked"));
      document.head.append(script);
    });
    for (const place of document.querySelectorAll("[data-figure]")) {
      const figure = JSON.parse(document.getElementById(place.dataset.figure).textContent);
      await window.Plotly.newPlot(place, figure.data, figure.layout, {
        responsive: true, displaylogo: false, scrollZoom: false,
        toImageButtonOptions: { scale: 2, filename: place.id },
      });
    }
    status.remove();
  } catch (problem) {
    status.textContent = `The figures cannot be drawn: ${problem.message}. Every number is in the tables below.`;
  }
})();
