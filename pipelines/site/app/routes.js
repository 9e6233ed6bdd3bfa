// Ranks the career paths as `outlook paths` does; pipelines/pathways/routes/ is the
// authority for the rules, and a test holds the two against each other.
"use strict";
(() => {
  const known = (value) => value !== null && value !== undefined;

  // Feasibility of a step without its schooling: likeness, job zones up, experience required.
  function stepFit(net, from, to, score) {
    const { half_fit: half, zone_step: down } = net.rules;
    const zones = known(net.zone[to]) && known(net.zone[from])
      ? Math.max(net.zone[to] - net.zone[from], 0) : 0;
    return (score / (score + half)) * down ** zones * net.experience[to];
  }

  function benefit(net, wage, from, to, weights) {
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

  // Every simple route of up to `steps` moves. Which steps are open was decided in Python: at
  // these wages (open) and with this education and limit (net.schooling).
  function routes(net, open, origin, asked) {
    const { held, limit, steps, pace, halfYears } = asked;
    const schooling = net.schooling[limit][held];
    let last = [{ path: [], at: origin, level: held, years: 0, experience: 0, cost: 0, feasibility: 1 }];
    const found = [];
    for (let step = 0; step < steps; step++) {
      const next = [];
      for (const route of last) {
        net.to[route.at].forEach((to, i) => {
          if (!bit(open[route.at], i) || to === origin || route.path.includes(to)) return;
          const level = net.level[to];
          const own = bit(net.own_field[route.at], i);
          if (!bit(schooling[own][route.level], level)) return;
          const added = net.years[own][route.level][level] * pace;
          next.push({
            path: [...route.path, to],
            at: to,
            level: Math.max(route.level, level),
            years: route.years + added,
            experience: route.experience + net.experience_years[to],
            cost: route.cost + net.tuition[own][route.level][level],
            feasibility: route.feasibility * stepFit(net, route.at, to, net.score[route.at][i] / 1e6) *
              (1 / (1 + added / halfYears)),
          });
        });
      }
      found.push(...next);
      last = next;
    }
    return found;
  }

  // The best route to each destination, best first.
  function best(net, origin, asked) {
    const wage = asked.wage ?? net.wage;
    const weights = net.rules.weights[asked.matters ?? "balance"];
    const whole = {
      held: asked.held, limit: asked.limit ?? "", steps: asked.steps ?? 2,
      pace: asked.partTime ? 2 : 1, halfYears: weights.half_years ?? net.rules.half_years,
    };
    const ranked = routes(net, asked.open ?? net.open, origin, whole).map((route) => {
      const worth = benefit(net, wage, origin, route.at, weights);
      return { ...route, benefit: worth, value: route.feasibility * worth };
    });
    // The order of codes is that of positions; among equals the shorter route comes first.
    ranked.sort((a, b) => b.value - a.value || a.at - b.at || a.path.length - b.path.length);
    const seen = new Set();
    return ranked.filter((route) => !seen.has(route.at) && seen.add(route.at))
      .slice(0, asked.n ?? 20);
  }

  (window.OUTLOOK ??= {}).routes = { best, startLevel };
})();
