"use strict";
// What the answers look like: numbers with their intervals, differences, charts, sentences, tables.
// In: an answer of the server. Out: the elements of the results. Nothing is computed here but places on a chart.

const Results = (() => {
  const { el, make, capital } = Page;
  /** A number and its unit stay on one line. */
  const together = (text) => text.replace(/([0-9]) (?=d\b|h\b|min\b|s\b|%|million|billion)/g, "$1\u00a0").replace(/> /g, ">\u00a0");

  let first = new Map();   // measure and side -> its first interval since the settings changed

  // -- showing --------------------------------------------------------------------------------------------

  function show(answer) {
    el("answer").hidden = false;
    el("answer").classList.remove("stale");
    el("progress").value = Math.min(1, answer.done / answer.wanted);
    const finished = answer.done >= answer.wanted;
    const runs = answer.done.toLocaleString("en");
    const failed = answer.sides.map((each) => each.failed).find((each) => each[0]);
    const done = finished ? `${runs} runs` : `${runs} of ${answer.wanted.toLocaleString("en")} runs so far; more are on their way`;
    el("status").textContent = `${done}. Bands show ${answer.sides[0].band}.${failed ? ` ${failed[0]} runs failed: ${failed[1]}` : ""}`;
    numbers(answer);
    pairs(answer);
    draw(answer);
    said(answer);
    tables(answer);
    if (finished) el("live").textContent = `${runs} runs are done. ${answer.sides.map((each, i) => `${answer.sides.length > 1 ? `${"AB"[i]}: ` : ""}${each.sentences[0] || ""}`).join(" ")}`;
  }

  function numbers(answer) {
    const two = answer.sides.length > 1;
    const all = [...new Set(answer.sides.flatMap((each) => each.main.map((one) => one.name)))];
    el("numbers").replaceChildren(...all.map((name) => {
      const found = answer.sides.map((each) => each.main.find((one) => one.name === name));
      const one = found.find(Boolean);
      const card = make("article", { class: "card" }, make("h3", { text: one.label, title: one.meaning }), make("p", { class: "what", text: one.what }));
      const bars = [];
      found.forEach((each, i) => {
        const letter = "ab"[i];
        if (!each) { if (two) card.append(make("p", { class: "value" }, make("b", { class: letter, text: "AB"[i] }), "none")); return; }
        const value = make("p", { class: "value" });
        if (two) value.append(make("b", { class: letter, text: "AB"[i] }));
        value.append(each.text);
        card.append(value, make("p", { class: "small interval-text", text: together(`95 % interval ${each.interval}`) }), make("p", { class: "small", text: together(`9 runs in 10: ${each.spread}`) }));
        if (each.unfinished) card.append(make("p", { class: "small", text: `${Number((100 * each.unfinished).toPrecision(2))} % unfinished at the end` }));
        if (each.value !== null && each.low !== null && each.high !== null) bars.push({ side: letter, value: each.value, low: each.low, high: each.high });
      });
      if (bars.length) card.append(bar(name, bars));
      return card;
    }));
    el("brief").replaceChildren(...all.slice(0, 3).map((name) => {
      const texts = answer.sides.map((each, i) => { const one = each.main.find((x) => x.name === name); return `${two ? `${"AB"[i]} ` : ""}${one ? one.text : "none"}`; });
      const label = answer.sides.flatMap((each) => each.main).find((one) => one.name === name).label;
      return make("span", {}, `${label}: `, make("b", { text: texts.join(" · ") }));
    }));
  }

  /** The scale is that of the first answer, so that the interval is seen to shrink. */
  function bar(name, bars, zero = false) {
    for (const each of bars) if (!first.has(`${name} ${each.side}`)) first.set(`${name} ${each.side}`, [each.low, each.high]);
    const known = bars.map((each) => first.get(`${name} ${each.side}`));
    let low = Math.min(...known.map((each) => each[0]), ...bars.map((each) => each.low));
    let high = Math.max(...known.map((each) => each[1]), ...bars.map((each) => each.high));
    if (zero) { low = Math.min(low, 0); high = Math.max(high, 0); }
    const room = (high - low || Math.abs(high) || 1) * 0.1;
    return Charts.intervals(bars.map((each, i) => ({ ...each, was: known[i] })), low - room, high + room, 220, zero);
  }

  const VERDICT = { same: "the same in every run", better: "B is better", worse: "B is worse", undecided: "not decided by so many runs", cut: "open: some runs are unfinished" };

  function pairs(answer) {
    if (!answer.comparison) { el("pairs").replaceChildren(); return; }
    const { apart, rows: found } = answer.comparison;
    const title = make("h3", { text: "B minus A, run by run" });
    if (apart) { el("pairs").replaceChildren(title, make("p", { text: `A and B cannot be paired run by run: they differ in ${apart}.` })); return; }
    const header = make("tr", {}, ...["Measure", "B − A on average", "95 % interval", "drawn", "B is better in", "So"].map((text) => make("th", { scope: "col" }, text === "drawn" ? make("span", { class: "hidden", text: "Drawn" }) : text)));
    const lines = found.map((row) => make("tr", {}, make("th", { scope: "row", text: `${row.label}${row.restricted ? " *" : ""}` }), make("td", { text: together(row.text) }), make("td", { text: together(row.interval) }),
      make("td", {}, bar(`pair ${row.name}`, row.low === null ? [] : [{ side: "b", value: row.value, low: row.low, high: row.high }], true)), make("td", { text: `${row.better} of runs` }), make("td", { text: VERDICT[row.verdict] })));
    const notes = [make("p", { class: "small", text: "Both sides meet the same random numbers, so what they have in common falls out." })];
    if (found.some((row) => row.restricted)) notes.push(make("p", { class: "small", text: "* unfinished runs count as far as they went" }));
    el("pairs").replaceChildren(title, make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "B minus A" }, make("table", {}, make("thead", {}, header), make("tbody", {}, ...lines))), ...notes);
  }

  function draw(answer) {
    const two = answer.sides.length > 1;
    const wide = Math.max(260, Math.round(el("fan").clientWidth || 600));
    const unit = answer.sides[0].unit;
    el("fan-caption").textContent = `(${unit}) over time, and as it would have been without these events`;
    el("fan").replaceChildren(Charts.fan(answer.sides, wide, `${unit} over time. ${answer.sides.map((each) => each.sentences[1] || "").join(" ")}`));
    const legend = (...items) => items.map(([kind, letter, text]) => make("span", {}, Charts.key(kind, letter), text));
    el("fan-legend").replaceChildren(...(two
      ? legend(["line", "a", "A, average"], ["band90", "a", "A, 9 runs in 10"], ["line", "b", "B, average"], ["band90", "b", "B, 9 runs in 10"], ["would", "", "without these events (A)"], ["event", "", "a supplier goes"])
      : legend(["line", "a", "average"], ["band50", "a", "half of the runs"], ["band90", "a", "9 runs in 10"], ["would", "", "without these events"], ["event", "", "a supplier goes"])));
    el("fan-table").replaceChildren(curves(answer));
    const cut = answer.downtime.cut.some((counts) => counts.some(Boolean));
    const never = answer.downtime.edges[answer.downtime.edges.length - 1] < 1e-6;
    el("histogram").replaceChildren(never ? make("p", { class: "small", text: "None: in no run is there any downtime." }) : Charts.histogram(answer.downtime, wide, `Downtime in how many runs. ${answer.sides.map((each) => each.sentences[0]).join(" ")}`));
    el("histogram-legend").replaceChildren(...legend(...(two ? [["bar", "a", "A"], ["bar", "b", "B"]] : []), ...(cut ? [["cut", "a", "still down when the simulation ends"]] : [])));
  }

  function curves(answer) {
    const header = ["After", ...answer.sides.flatMap((each, i) => { const letter = answer.sides.length > 1 ? `${"AB"[i]}, ` : ""; return [`${letter}average`, `${letter}9 runs in 10`, `${letter}without these events`]; })];
    const times = answer.sides[0].fan.times;
    const chosen = Array.from({ length: 9 }, (_, i) => Math.round((i * (times.length - 1)) / 8));
    const body = [...new Set(chosen)].map((at) => make("tr", {}, make("th", { scope: "row", text: times[times.length - 1] > 96 ? `${Math.round(times[at] / 24)} days` : `${Number(times[at].toPrecision(3))} hours` }),
      ...answer.sides.flatMap(({ fan }) => {
        const here = Math.min(at, fan.times.length - 1);
        return [make("td", { text: Charts.short(fan.mean[here]) }), make("td", { text: `${Charts.short(fan.p05[here])} to ${Charts.short(fan.p95[here])}` }), make("td", { text: Charts.short(fan.counterfactual[here]) })];
      })));
    return make("table", {}, make("thead", {}, make("tr", {}, ...header.map((text) => make("th", { scope: "col", text })))), make("tbody", {}, ...body));
  }

  function said(answer) {
    el("said").replaceChildren(...answer.sides.flatMap((each, i) => {
      const whose = answer.sides.length > 1 ? `${"AB"[i]}${each.strategy === "as_is" ? "" : ` (${each.label})`}: ` : "";
      return Page.inWords(each.sentences, each.shares, whose, i);
    }));
  }

  function tables(answer) {
    const open = el("tables").querySelector("details[open]") !== null;
    el("tables").replaceChildren(make("details", { open }, make("summary", { text: "All measures" }), ...answer.sides.map((each, i) => make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `All measures${answer.sides.length > 1 ? ` of ${"AB"[i]}` : ""}` }, make("table", {},
      make("caption", { text: `${answer.sides.length > 1 ? `${"AB"[i]}: ` : ""}${each.runs.toLocaleString("en")} runs (${each.band})` }),
      make("thead", {}, make("tr", {}, ...each.table.header.map((text) => make("th", { scope: "col", text })))),
      make("tbody", {}, ...each.table.rows.map((cells) => make("tr", {}, ...cells.map((text, at) => (at ? make("td", { text }) : make("th", { scope: "row", text })))))))))));
  }

  /** Something new was asked: intervals shrink anew. */
  function begin() { first = new Map(); }

  return { begin, show, draw };
})();
