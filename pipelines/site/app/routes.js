// Ranks the career paths as `outlook paths` does; pipelines/pathways/routes/ is the
// authority for the rules, and a test holds the two against each other.
"use strict";
(() => {
  const known = (value) => value !== null && value !== undefined;

  function benefit(net, wage, from, to, matters) {
    if (net.rules.lowered.includes(matters)) {
      const score = net[matters];
      const both = known(score[to]) && known(score[from]) && score[from] > 0;
      return both ? Math.max((score[from] - score[to]) / score[from], 0) : 0;
    }
    const weights = net.rules.weights[matters];
    const pay = known(wage[to]) && known(wage[from]) ? wage[to] / (wage[to] + wage[from]) : 0.5;
    const openings = known(net.openings[to])
      ? net.openings[to] / (net.openings[to] + net.rules.half_openings) : 0;
    const change = known(net.exposure[to]) && known(net.exposure[from])
      ? net.exposure[to] - net.exposure[from] : 0;
    return weights.pay * pay + weights.openings * openings +
      weights.exposure * (0.5 - change / 2);
  }

  const bit = (bits, place) => bits >> place & 1;

  // What a worker starts with: a credential that asks for a level can only be held with it.
  const startLevel = (net, education, names) => Math.max(education,
    ...net.credentials.filter((c) => names.includes(c.name)).map((c) => c.level));

  // The levels of education by which an occupation is entered: a lower one that opens it too is a
  // way of its own where it saves time or money.
  function entries(net, to, own, before) {
    const [level, lower] = [net.level[to], net.shorter[to]];
    const saves = lower >= 0 && [net.years, net.tuition]
      .some((of) => of[own][before][lower] < of[own][before][level]);
    return saves ? [level, lower] : [level];
  }

  // Every simple route of up to `steps` moves. Which steps are open was decided in Python: at
  // these wages (open) and with this education and limit (net.schooling).
  function routes(net, open, origin, asked) {
    const { held, limit, steps, pace, halfYears } = asked;
    const schooling = net.schooling[limit][held];
    let last = [{ path: [], legs: [], at: origin, level: held, years: 0, experience: 0, training: 0,
      cost: 0, feasibility: 1, inField: true }];
    const found = [];
    for (let step = 0; step < steps; step++) {
      const next = [];
      for (const route of last) {
        net.to[route.at].forEach((to, i) => {
          if (!bit(open[route.at], i) || to === origin || route.path.includes(to)) return;
          if (!route.inField && !bit(net.in_field[route.at], i)) return; // a second change of field
          const own = bit(net.own_field[route.at], i);
          for (const level of entries(net, to, own, route.level)) {
            if (!bit(schooling[own][route.level], level)) continue;
            const added = net.years[own][route.level][level] * pace;
            const paid = net.tuition[own][route.level][level];
            if (limit && route.years + added > net.most_years[limit] * pace) continue;
            next.push({
              path: [...route.path, to],
              // What each step adds of its own: for the picture of the route.
              legs: [...route.legs, { to, entry: level, years: added, cost: paid }],
              at: to,
              entry: level,
              level: Math.max(route.level, level),
              years: route.years + added,
              experience: route.experience + net.experience_years[to],
              training: known(route.training) && known(net.training_years[to])
                ? route.training + net.training_years[to] : null,
              inField: route.inField && Boolean(bit(net.in_field[route.at], i)),
              cost: route.cost + paid,
              feasibility: route.feasibility * net.fit[route.at][i] * (1 / (1 + added / halfYears)),
            });
          }
        });
      }
      found.push(...next);
      last = next;
    }
    return found;
  }

  // The best route to each destination by each level of education that opens it, best first.
  function best(net, origin, asked) {
    const wage = asked.wage ?? net.wage;
    const matters = asked.matters ?? "balance";
    const weights = net.rules.weights[matters];
    const whole = {
      held: asked.held, limit: asked.limit ?? "", steps: asked.steps ?? 2,
      pace: asked.partTime ? 2 : 1, halfYears: weights.half_years ?? net.rules.half_years,
    };
    const ranked = routes(net, asked.open ?? net.open, origin, whole).map((route) => {
      const worth = benefit(net, wage, origin, route.at, matters);
      return { ...route, benefit: worth, value: route.feasibility * worth };
    }).filter((route) => !net.rules.lowered.includes(matters) || route.benefit > 0);
    // The order of codes is that of positions; among equals the shorter route comes first.
    ranked.sort((a, b) => b.value - a.value || a.at - b.at || a.path.length - b.path.length ||
      a.entry - b.entry);
    const seen = new Set();
    const way = (route) => `${route.at} ${route.entry}`;
    const once = ranked.filter((route) => !seen.has(way(route)) && seen.add(way(route)));
    // Ways up in the field come first, clearly more exposed ones last; rows are kept for each.
    const n = asked.n ?? 20;
    const { comparable, kept } = net.rules;
    const more = (at) => net.more_than_most[at] && known(net.exposure[origin]) &&
      net.exposure[at] - net.exposure[origin] > comparable;
    const alike = (at) => net.families[at].some((family) => net.families[origin].includes(family));
    const own = (route) => route.inField && (route.path.length === 1 || alike(route.at));
    const section = (route) => more(route.at) ? 2 : own(route) ? 0 : 1;
    const parts = kept.map((_, place) => once.filter((route) => section(route) === place));
    const held = parts.map((part, i) => Math.min(part.length, Math.floor(n * kept[i])));
    let left = n;
    return parts.flatMap((part, i) => {
      const later = once.length <= n ? 0 : held.slice(i + 1).reduce((a, b) => a + b, 0);
      const rows = part.slice(0, left - later);
      left -= rows.length;
      return rows.map((route) => ({ ...route, section: net.sections[i] }));
    });
  }

  (window.OUTLOOK ??= {}).routes = { best, startLevel };
})();
