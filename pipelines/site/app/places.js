// The states of the client's form; their names stand before this, once for all pages.
"use strict";
document.getElementById("c-state")?.append(
  ...window.OUTLOOK.places.map(([code, name]) => new Option(name, code)));
