// The client's own week: tasks left out, shares changed, and what that does to exposure.
"use strict";
(() => {
  const place = document.getElementById("week");
  const tasks = window.OUTLOOK.tasks ?? [];
  if (!place || !tasks.length) return;
  const said = document.getElementById("week-said");
  const total = tasks.reduce((sum, task) => sum + task.weight, 0);
  const usual = tasks.map((task) => (100 * task.weight) / total);
  const digits = (value) => value.toFixed(2);

  const lines = tasks.map((task, i) => {
    const row = document.createElement("tr");
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.checked = true;
    tick.setAttribute("aria-label", `done: ${task.name}`);
    const share = document.createElement("input");
    Object.assign(share, { type: "number", min: 0, max: 100, step: 0.1 });
    share.setAttribute("aria-label", `share of the week in percent: ${task.name}`);
    const cells = [tick, task.name, share,
      `${digits(task.exposure)} (${digits(task.low)} to ${digits(task.high)})`, digits(task.automation)];
    row.append(...cells.map((content, at) => {
      const cell = document.createElement(at === 1 ? "th" : "td");
      if (at === 1) cell.scope = "row";
      if (at > 1) cell.className = "n";
      cell.append(content);
      return cell;
    }));
    return { row, tick, share, usual: usual[i], task };
  });

  function shares() {
    return lines.map(({ tick, share }) =>
      (tick.checked && Number(share.value) > 0 ? Number(share.value) : 0));
  }

  function show() {
    const own = shares();
    const sum = own.reduce((a, b) => a + b, 0);
    lines.forEach(({ tick, share }) => { share.disabled = !tick.checked; });
    if (!sum) {
      said.textContent = "No task is selected: check at least one and give it a share.";
      return;
    }
    const mean = (name) => lines.reduce((all, { task }, i) => all + own[i] * task[name], 0) / sum;
    const usually = (name) => tasks.reduce((all, task) => all + task.weight * task[name], 0) / total;
    said.textContent = `Exposure of this week: ${digits(mean("exposure"))} (0 none, 1 all), against ` +
      `${digits(usually("exposure"))} in the occupation as a whole. If every task lay at the low or the high end of its ` +
      `interval at once, exposure would be ${digits(mean("low"))} or ${digits(mean("high"))}. Automation score of ` +
      `this week: ${digits(mean("automation"))}, against ${digits(usually("automation"))}.`;
  }

  function remember() {
    const address = new URL(window.location);
    const asked = new URLSearchParams(address.hash.slice(1));
    const changed = lines.flatMap(({ tick, share, usual: was, task }) => {
      if (!tick.checked) return [`${task.id}:0`];
      return Math.abs(Number(share.value) - Number(was.toFixed(1))) > 0.04
        ? [`${task.id}:${Number(share.value)}`] : [];
    });
    if (changed.length) asked.set("week", changed.join(","));
    else asked.delete("week");
    address.hash = asked.toString();
    if (address.href !== window.location.href) window.history.replaceState(null, "", address);
  }

  function read() {
    const asked = new URLSearchParams(window.location.hash.slice(1)).get("week") ?? "";
    const own = new Map(asked.split(",").map((part) => part.split(":").map(Number)));
    for (const { tick, share, usual: was, task } of lines) {
      const value = own.get(task.id);
      tick.checked = value !== 0;
      share.value = value > 0 && value <= 100 ? String(value) : was.toFixed(1);
    }
    if (asked) place.open = true;
    show();
  }

  place.querySelector("tbody").append(...lines.map(({ row }) => row));
  place.addEventListener("input", () => {
    show();
    remember();
  });
  document.getElementById("week-reset").addEventListener("click", () => {
    for (const { tick, share, usual: was } of lines) {
      tick.checked = true;
      share.value = was.toFixed(1);
    }
    show();
    remember();
  });
  window.addEventListener("popstate", read);
  window.addEventListener("hashchange", read);
  place.hidden = false;
  read();
})();
