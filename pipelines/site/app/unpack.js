// Unpacks plotly.js, which a saved page carries compressed. No request.
"use strict";
window.OUTLOOK.drawing = (async () => {
  const packed = document.getElementById("plotly-gz").textContent;
  const code = await window.OUTLOOK.unpack(packed).blob();
  await new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    script.onload = done;
    script.onerror = () => failed(new Error(window.OUTLOOK.t("the drawing library could not be unpacked")));
    document.head.append(script);
  });
})();
