// The client's own week: tasks left out, shares changed, and what that does to exposure.
"use strict";
(() => {
  const place = document.getElementById("week");
  const { t } = window.OUTLOOK;
  // The words of tasks in the language of the page stand in the page; English ones in the data.
  const named = JSON.parse(place?.dataset.words ?? "{}");
  const tasks = (window.OUTLOOK.tasks ?? []).map((task) => ({ ...task, name: named[task.id] ?? task.name }));
  window.OUTLOOK.learn(Object.fromEntries((window.OUTLOOK.tasks ?? []).map(({ id, name }) => [name, named[id] ?? name])));
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
    tick.setAttribute("aria-label", t("done: {task}", { task: task.name }));
    const share = document.createElement("input");
    Object.assign(share, { type: "number", min: 0, max: 100, step: 0.1 });
    share.setAttribute("aria-label", t("share of the week in percent: {task}", { task: task.name }));
    const cells = [tick, task.name, share,
      t("{value} ({low} to {high})", { value: digits(task.exposure), low: digits(task.low), high: digits(task.high) }),
      digits(task.automation)];
    row.append(...cells.map((content, at) => {
      const cell = document.createElement(at === 1 ? "th" : "td");
      if (at === 1) cell.scope = "row";
      if (at > 1) cell.className = "n";
      cell.append(content);
      return cell;
    }));
    return { row, tick, share, usual: usual[i], task, set: null };
  });

  // Shares of the week, 100 together: what was set stays, the rest is spread as in the occupation.
  function shares() {
    const done = lines.filter(({ tick }) => tick.checked);
    const given = done.reduce((sum, { set }) => sum + (set ?? 0), 0);
    const free = done.reduce((sum, line) => sum + (line.set === null ? line.usual : 0), 0);
    return lines.map(({ tick, set, usual: was }) =>
      (tick.checked ? set ?? (free ? ((100 - given) * was) / free : 0) : 0));
  }

  // Why a number typed cannot be a share; "" where it can.
  function refusal(line) {
    const typed = Number(line.share.value);
    if (line.share.value === "" || !(typed >= 0 && typed <= 100)) {
      return line.share.value
        ? t("{typed} is no share of a week: give a number from 0 to 100.", { typed: line.share.value })
        : t("Nothing is no share of a week: give a number from 0 to 100.");
    }
    const others = lines.reduce((sum, other) => sum + (other !== line && other.tick.checked ? other.set ?? 0 : 0), 0);
    return others + typed > 100.001
      ? t("{typed} percent is too much: {left} percent of the week is left.",
        { typed, left: Math.round(10 * (100 - others)) / 10 }) : "";
  }

  function show(typing = null) {
    const own = shares();
    const sum = own.reduce((a, b) => a + b, 0);
    lines.forEach((line, i) => {
      line.share.disabled = !line.tick.checked;
      if (line !== typing) line.share.value = line.set === null ? own[i].toFixed(1) : String(line.set);
    });
    if (!sum) {
      said.textContent = t("No task is selected: check at least one and give it a share.");
      return;
    }
    const added = t("The shares add up to {sum} percent and are taken as the whole week.", { sum: Math.round(10 * sum) / 10 });
    const set = sum < 99.95 ? `${added} ` : "";
    const mean = (name) => lines.reduce((all, { task }, i) => all + own[i] * task[name], 0) / sum;
    const usually = (name) => tasks.reduce((all, task) => all + task.weight * task[name], 0) / total;
    said.textContent = set + t("Exposure of this week: {own} (0 none, 1 all), against {usual} in the occupation as a whole. "
      + "If every task lay at the low or the high end of its interval at once, exposure would be {low} or {high}. "
      + "Automation score of this week: {automation}, against {usually}.", {
      own: digits(mean("exposure")), usual: digits(usually("exposure")), low: digits(mean("low")),
      high: digits(mean("high")), automation: digits(mean("automation")), usually: digits(usually("automation")),
    });
  }

  function remember() {
    const address = new URL(window.location);
    const asked = window.OUTLOOK.address.read();
    const changed = lines.flatMap(({ tick, set, task }) =>
      (!tick.checked ? [`${task.id}:0`] : set === null ? [] : [`${task.id}:${set}`]));
    if (changed.length) asked.set("week", changed.join(","));
    else asked.delete("week");
    address.hash = window.OUTLOOK.address.words(asked);
    if (address.href !== window.location.href) window.history.replaceState(null, "", address);
  }

  function read() {
    const asked = window.OUTLOOK.address.read().get("week") ?? "";
    const own = new Map(asked.split(",").map((part) => part.split(":").map(Number)));
    let left = 100;
    for (const line of lines) {
      const value = own.get(line.task.id);
      line.tick.checked = value !== 0;
      line.set = value > 0 && value <= left ? value : null;
      left -= line.set ?? 0;
    }
    if (asked) place.open = true;
    show();
  }

  place.querySelector("tbody").append(...lines.map(({ row }) => row));
  for (const line of lines) {
    line.share.addEventListener("input", () => {
      const no = refusal(line);
      line.share.toggleAttribute("aria-invalid", Boolean(no));
      if (no) {
        said.textContent = no;
        return;
      }
      line.set = Number(line.share.value);
      show(line); // what is typed stays as it is typed
      remember();
    });
    // What was refused gives way to what stood there before.
    line.share.addEventListener("change", () => {
      line.share.removeAttribute("aria-invalid");
      const kept = said.textContent;
      const refused = refusal(line);
      show();
      if (refused) said.textContent = kept;
    });
    line.tick.addEventListener("change", () => {
      show();
      remember();
    });
  }
  document.getElementById("week-reset").addEventListener("click", () => {
    for (const line of lines) {
      line.tick.checked = true;
      line.set = null;
    }
    show();
    remember();
  });
  window.addEventListener("popstate", read);
  window.addEventListener("hashchange", read);
  place.hidden = false;
  read();
})();
