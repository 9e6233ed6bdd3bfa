// A chart of lines, each with its words above its bar: nothing covers anything, however many there are. On a
// phone, and where a page has no charts, it is a list with bars.
"use strict";
(() => {
  const [WIDTH, SIDE, LETTER] = [1000, 20, 0.52]; // pixels; width of a letter by its size
  const [INK, SOFT, PALE, ROUTE] = ["#1b1b1b", "#5f5f5f", "#9ecae1", "#d55e00"];
  const { t, wrapped } = window.OUTLOOK;
  const known = (value) => value !== null && value !== undefined;
  const add = (kind, more = {}) => Object.assign(document.createElement(kind), more);
  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("$", "&#36;");
  const letters = (size) => Math.floor((WIDTH - 2 * SIDE) / (size * LETTER));

  // Words from the top down: each block starts below the last one.
  function page() {
    const notes = [];
    let y = 0;
    const note = (text, size, more) => notes.push({ text, x: 0, xref: "paper", xanchor: "left", y, yref: "y", yanchor: "top",
      align: "left", showarrow: false, font: { size, color: INK }, ...more });
    return {
      notes,
      at: () => y,
      space: (pixels) => { y += pixels; },
      right: (text, size) => note(`<b>${escaped(text)}</b>`, size, { x: 1, xanchor: "right", align: "right" }),
      block: (text, size, { bold = false, color = INK, room = 0 } = {}) => {
        for (const line of wrapped(text, letters(size) - room)) {
          note(bold ? `<b>${escaped(line)}</b>` : escaped(line), size, { font: { size, color } });
          y += Math.round(size * 1.35);
        }
      },
    };
  }

  const limits = (lines) => lines.flatMap(({ low, wage, high }) => [low, wage, high]).filter(known);

  // A Plotly figure. A line: name, facts, value (words), and wage with its low and high end (dollars a year, or
  // null); `now` is the wage that a line across each bar stands at, or null.
  function figure({ lines, now, finding, reading, sources }, template) {
    const sheet = page();
    sheet.block(finding, 18, { bold: true });
    sheet.space(4);
    sheet.block(reading, 13);
    sheet.space(14);
    const ys = lines.map(({ name, facts, value }) => {
      sheet.right(value, 13);
      sheet.block(name, 13, { bold: true, room: value.length + 4 });
      sheet.block(facts, 12, { color: SOFT });
      sheet.space(26);
      return sheet.at() - 14;
    });
    const bottom = sheet.at();
    sheet.space(46);
    sheet.block(sources, 11);
    const height = sheet.at() + 24; // margins above and below, and a little room
    const shown = lines.map((line, i) => ({ ...line, at: ys[i] })).filter(({ wage }) => known(wage));
    const ends = [...limits(shown), ...(known(now) ? [now] : [])];
    const room = 0.03 * (Math.max(...ends) - Math.min(...ends)) + 500;
    return {
      data: [{
        type: "scatter", mode: "markers", x: shown.map(({ wage }) => wage), y: shown.map(({ at }) => at), cliponaxis: false,
        marker: { size: 11, color: INK }, hoverinfo: "text",
        hovertext: shown.map(({ name, value }) => `<b>${escaped(name)}</b><br>${escaped(value)}`),
        error_x: { type: "data", symmetric: false, color: PALE, thickness: 8, width: 0,
          array: shown.map(({ wage, high }) => (known(high) ? high - wage : 0)),
          arrayminus: shown.map(({ wage, low }) => (known(low) ? wage - low : 0)) },
      }],
      layout: {
        template, width: WIDTH, height, margin: { l: SIDE, r: SIDE, t: 10, b: 10, pad: 0 }, annotations: sheet.notes,
        showlegend: false, hovermode: "closest",
        xaxis: { range: [Math.min(...ends) - room, Math.max(...ends) + room], tickformat: "$,d", anchor: "free", showgrid: false,
          position: 1 - bottom / (height - 20), title: { text: t("median wage (US $ per year)"), standoff: 2 } },
        yaxis: { range: [height - 20, 0], visible: false, fixedrange: true },
        // The wage of now crosses each bar, not the words between them.
        shapes: known(now) ? ys.map((at) => ({ type: "line", x0: now, x1: now, yref: "y", y0: at - 11, y1: at + 11,
          line: { color: ROUTE, width: 2 } })) : [],
        meta: { finding, reading, sources },
      },
    };
  }

  // The same lines as items of a list.
  function bars({ lines }) {
    const ends = limits(lines);
    const [least, most] = [0.9 * Math.min(...ends), Math.max(...ends)];
    const share = (value) => (100 * (value - least)) / (most - least);
    const mark = (className, style) => {
      const made = add("i", { className });
      Object.assign(made.style, style);
      return made;
    };
    return lines.map(({ name, facts, value, low, wage, high }) => {
      const item = add("li");
      item.append(`${name} `, add("b", { textContent: value }), add("span", { className: "soft", textContent: ` ${facts}` }));
      if (!known(wage)) return item;
      const bar = add("span", { className: "bar" });
      bar.setAttribute("aria-hidden", "true");
      if (known(low) && known(high)) {
        bar.append(mark("span", { left: `${share(low)}%`, width: `${share(high) - share(low)}%` }));
      }
      bar.append(mark("at", { left: `${share(wage)}%` }));
      item.append(bar);
      return item;
    });
  }

  // The same as lines of a CSV file.
  function rows({ lines, place }) {
    return [[t("career path"), t("what it asks for"), t("25th percentile wage in {place} (US $ per year)", { place }),
      t("median wage in {place} (US $ per year)", { place }), t("75th percentile wage in {place} (US $ per year)", { place })],
    ...lines.map(({ name, facts, low, wage, high }) => [name, facts, low ?? "", wage ?? "", high ?? ""])];
  }

  window.OUTLOOK.lined = { figure, bars, rows };
})();
