// Saves what was made in the browser as a file; used by every page that gives something to take away.
"use strict";
(() => {
  const outlook = (window.OUTLOOK ??= {});
  const { t } = outlook;

  // What a page carries packed: base64 of gzip.
  outlook.unpack = (packed) => {
    if (!("DecompressionStream" in window)) {
      throw new Error(t("this browser is too old for it (it needs DecompressionStream, 2023)"));
    }
    const bytes = Uint8Array.from(atob(packed.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream);
  };

  outlook.save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // A spreadsheet runs a cell that begins like a formula, so such a cell gets an apostrophe.
  const harmless = (text) => (/^(?: *[=+\-@\t\uff1d\uff0b\uff0d\uff20]|[\r\n])/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text);
  outlook.csv_text = (lines) => lines
    .map((line) => line.map((cell) => `"${harmless(String(cell)).replaceAll('"', '""')}"`).join(","))
    .join("\r\n") + "\r\n";
  outlook.saveCsv = (lines, name) =>
    outlook.save(new Blob([outlook.csv_text(lines)], { type: "text/csv" }), name);
})();
