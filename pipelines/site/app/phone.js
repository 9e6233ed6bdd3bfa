// The page with its choices on the client's phone: its address as a QR code beside the link to copy.
"use strict";
(() => {
  const copy = document.getElementById("client-copy");
  if (!copy) return;
  const { address, qr, t } = window.OUTLOOK;
  const LIGHT = 4; // cells of white around, which readers need
  const button = document.createElement("button");
  Object.assign(button, { type: "button", id: "client-phone", textContent: t("QR code for a phone") });
  button.setAttribute("aria-expanded", "false");
  const place = document.createElement("figure");
  Object.assign(place, { id: "client-qr", className: "qr", hidden: true });
  button.setAttribute("aria-controls", place.id);
  copy.after(" ", button);
  copy.parentElement.after(place);

  // Black on white whatever the page's colors are.
  function picture(rows) {
    const size = rows.length + 2 * LIGHT;
    const make = (kind, of) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
      for (const [name, value] of Object.entries(of)) made.setAttribute(name, value);
      return made;
    };
    const label = t("QR code of this page's address with the choices");
    const svg = make("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" });
    svg.style.width = `${Math.max(200, 4 * size)}px`;
    const cells = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + LIGHT} ${y + LIGHT}h1v1h-1z` : ""))).join("");
    svg.append(make("rect", { width: size, height: size, fill: "#fff" }), make("path", { d: cells, fill: "#000" }));
    return svg;
  }

  // Why a phone could not open the address; "" where it can.
  function refusal() {
    const { protocol, hostname } = window.location;
    if (protocol === "file:") {
      return t("This page is a file of this computer, which a phone cannot open. On a site with an address of its own a QR code stands here.");
    }
    if (hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.")) {
      return t("This address is known to this computer alone: a phone cannot open it. On a site with an address of its own a QR code stands here.");
    }
    return "";
  }

  function show() {
    if (place.hidden) return;
    const words = document.createElement("figcaption");
    const no = refusal();
    const rows = no ? null : qr(address.link());
    words.textContent = no || (rows
      ? t("Point the phone's camera at it: this page opens with the same choices. It is drawn in this browser; no one else is asked.")
      : t("The address is too long for a QR code: copy the link."));
    place.replaceChildren(...(rows ? [picture(rows)] : []), words);
  }

  button.addEventListener("click", () => {
    place.hidden = !place.hidden;
    button.setAttribute("aria-expanded", String(!place.hidden));
    show();
  });
  for (const kind of ["outlook-client", "popstate", "hashchange"]) window.addEventListener(kind, show);
})();
