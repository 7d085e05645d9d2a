"use strict";
// An exported page: sliders that snap to settings computed beforehand. In: the data in the page, nothing else.
// Every number shown is one that was computed; a difference of two settings is taken run by run from their
// runs, with Student's t as everywhere.

(() => {
  const { el, make, capital } = Page;
  const data = JSON.parse(el("data").textContent);
  const { axes } = data;
  const base = axes.map((axis) => axis.base);
  const state = { two: false, a: [...base], b: [...base] };
  const rows = [];

  // -- small things ---------------------------------------------------------------------------------------

  const names = () => (state.two ? ["a", "b"] : ["a"]);
  const number = (value) => value.toLocaleString("en");

  function bytes(text) {
    const read = atob(text);
    return Uint8Array.from(read, (letter) => letter.charCodeAt(0)).buffer;
  }

  /** A text that stands once in the data, however often it is used. */
  const pooled = (at) => data.pool[at];

  // -- words for numbers, as everywhere in hostfall ---------------------------------------------------------

  function figures(value, many) {
    if (value === 0) return "0";
    const digits = many - 1 - Math.floor(Math.log10(Math.abs(value)));
    const scale = 10 ** digits;
    const rounded = digits >= 0 ? Math.round(value * scale) / scale : Math.round(value / 10 ** -digits) * 10 ** -digits;
    return rounded.toLocaleString("en", { minimumFractionDigits: 0, maximumFractionDigits: Math.max(0, digits) });
  }

  function people(value) {
    if (Math.abs(value) < 0.005) return "0";
    const size = Math.abs(Number(value.toPrecision(3)));
    for (const [scale, word] of [[1e12, "trillion"], [1e9, "billion"], [1e6, "million"]]) {
      if (size >= scale) return `${figures(value / scale, 3)} ${word}`;
    }
    return size >= 100 ? figures(Math.round(value), 3) : figures(value, 2);
  }

  function duration(hours) {
    const part = (value) => (Math.abs(value) >= 10 ? figures(Math.round(value), 4) : figures(Math.round(value * 10) / 10, 2));
    if (Math.abs(hours) > 0 && Math.abs(hours) < 1) return `${part(hours * 60)} min`;
    return Math.abs(hours) >= 48 ? `${part(hours / 24)} d` : `${part(hours)} h`;
  }

  function signed(kind, value) {
    const size = Math.abs(value);
    const told = kind === "time" ? duration(size) : `${people(size)}${kind === "money" ? ` ${data.currency}` : ""}`;
    return `${value > 0 ? "+" : value < 0 ? "−" : ""}${told}`;
  }

  // -- the grid -------------------------------------------------------------------------------------------

  function cellAt(at) {
    return data.cells[at.reduce((sum, i, k) => sum * axes[k].points.length + i, 0)];
  }

  /** A setting as the charts and the tables read it. */
  function sideOf(at) {
    const cell = cellAt(at);
    if (cell.refused !== undefined) return { refused: cell.refused };
    if (!cell.read) {
      const times = Array.from(new Float32Array(bytes(pooled(cell.fan.times))));
      const steps = new Uint16Array(bytes(pooled(cell.fan.lines)));
      const fan = { times };
      data.curves.forEach((name, i) => { fan[name] = Array.from(steps.subarray(i * times.length, (i + 1) * times.length), (step) => (step / data.finest) * cell.fan.top); });
      const values = Object.fromEntries(Object.entries(cell.values).map(([name, text]) => [name, new Float32Array(bytes(pooled(text)))]));
      const missing = new Set(cell.missing);
      const runs = Array.from({ length: data.runs }, (_, i) => i).filter((i) => !missing.has(i));
      const main = Object.entries(cell.main).map(([name, told]) => ({ name, ...Object.fromEntries(data.fields.map((field, i) => [field, told[i]])), label: data.measures[name].label, meaning: data.measures[name].meaning, what: data.measures[name].what }));
      cell.read = { ...cell, said: cell.said.map(pooled), shares: cell.shares.map(([label, hours, text]) => [pooled(label), hours, text]), fan, values, runs, main };
    }
    return cell.read;
  }

  function histogramOf(sides) {
    const hours = sides.map((side) => Array.from(side.values.downtime || new Float32Array(side.runs.length)));
    const most = Math.max(1e-9, ...hours.flat());
    const edges = Array.from({ length: data.bars + 1 }, (_, i) => (most * i) / data.bars);
    const bar = (value) => Math.min(data.bars - 1, Math.floor((value / most) * data.bars));
    const counts = hours.map((each) => each.reduce((sum, value) => { sum[bar(value)] += 1; return sum; }, new Array(data.bars).fill(0)));
    const cut = sides.map((side, i) => (side.cut.downtime || []).reduce((sum, run) => { sum[bar(hours[i][run])] += 1; return sum; }, new Array(data.bars).fill(0)));
    return { edges, counts, cut };
  }

  /** Student's t at 97.5 %: the Cornish-Fisher series, exact to six digits from 30 degrees of freedom on. */
  function student(freedom) {
    const z = 1.959963984540054;
    return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) + (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3);
  }

  /** B minus A of one measure, run by run over the runs that both have. */
  function difference(name, one, other) {
    const { bad, open } = data.measures[name];
    const places = (side) => new Map(side.runs.map((run, i) => [run, i]));
    const cuts = (side) => new Set(side.cut[name] || []);
    const [here, there, cutHere, cutThere] = [places(other), places(one), cuts(other), cuts(one)];
    const value = (side, place) => (side.values[name] ? side.values[name][place] : 0);
    const gaps = [];
    let better = 0;
    let cut = false;
    let apart = false;
    for (const run of other.runs) {
      if (!there.has(run)) continue;
      const [i, j] = [here.get(run), there.get(run)];
      const mine = open && cutHere.has(i) ? Infinity : value(other, i);
      const theirs = open && cutThere.has(j) ? Infinity : value(one, j);
      cut = cut || (cutHere.has(i) || cutThere.has(j));
      apart = apart || mine !== theirs;
      if (bad === "high" ? mine < theirs : mine > theirs) better += 1;
      gaps.push(value(other, i) - value(one, j));
    }
    const count = gaps.length;
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / count;
    const error = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (count - 1) / count) * student(count - 1);
    let verdict = "undecided";
    if (!apart) verdict = "same";
    else if (open && cut) verdict = "cut";
    else if (mean - error > 0 || mean + error < 0) verdict = (mean < 0) === (bad === "high") ? "better" : "worse";
    return { name, mean, low: mean - error, high: mean + error, better: better / count, verdict, restricted: cut, count };
  }

  // -- settings -------------------------------------------------------------------------------------------

  function buildAxes() {
    el("axes").replaceChildren(...axes.map((axis, k) => {
      const places = ["a", "b"].map((letter) => {
        const named = `${axis.label}, ${axis.about}`;
        const output = make("output", { "aria-hidden": "true" });
        const input = axis.kind === "number"
          ? make("input", { type: "range", min: "0", max: String(axis.points.length - 1), step: "1", id: `${letter}-${k}` })
          : make("select", { id: `${letter}-${k}` }, ...axis.points.map((text, i) => make("option", { value: String(i), text })));
        input.addEventListener("input", () => { state[letter][k] = Number(input.value); changed(); });
        const mark = make("b", { class: letter, text: letter.toUpperCase(), "aria-hidden": "true" });
        const row = make("div", { class: "place" }, mark, input, output);
        return { row, input, output, mark, named, letter };
      });
      rows.push(places);
      const file = `In the file: ${axis.points[axis.base]}${axis.because ? ` (${axis.because})` : ""}`;
      return make("fieldset", { class: "axis" }, make("legend", {}, axis.label, make("span", { class: "about", text: axis.about })), make("p", { class: "meaning", text: axis.meaning }), ...places.map((place) => place.row), make("p", { class: "file", text: file }));
    }));
  }

  function showAxes() {
    rows.forEach((places, k) => places.forEach(({ row, input, output, mark, named, letter }) => {
      row.hidden = letter === "b" && !state.two;
      mark.hidden = !state.two;
      row.classList.toggle("one", !state.two);
      const text = axes[k].points[state[letter][k]];
      input.value = String(state[letter][k]);
      input.setAttribute("aria-label", state.two ? `${letter.toUpperCase()}: ${named}` : named);
      if (axes[k].kind === "number") { input.setAttribute("aria-valuetext", text); output.textContent = text; } else output.textContent = "";
    }));
    el("two").checked = state.two;
  }

  function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const letter of ["a", "b"]) {
      const found = (asked.get(letter) || "").split(",").map(Number);
      if (asked.get(letter) && found.length === axes.length && found.every((i, k) => Number.isInteger(i) && i >= 0 && i < axes[k].points.length)) state[letter] = found;
    }
    state.two = asked.has("b");
  }

  function writeAddress() {
    const said = new URLSearchParams({ a: state.a.join(",") });
    if (state.two) said.set("b", state.b.join(","));
    try { history.replaceState(null, "", `#${said.toString().replace(/%2C/g, ",")}`); } catch { /* a page in a mail may have no address */ }
  }

  let waiting = 0;
  function changed() {
    showAxes();
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => { writeAddress(); show(); });
  }

  // -- showing --------------------------------------------------------------------------------------------

  function show() {
    const sides = names().map((letter) => sideOf(state[letter]));
    const wrong = sides.map((side, i) => (side.refused === undefined ? "" : `${state.two ? `${"AB"[i]}: ` : ""}This combination has no result: ${side.refused}`)).filter(Boolean);
    el("problem").hidden = !wrong.length;
    el("problem").textContent = wrong.join("\n");
    el("results").classList.toggle("refused", wrong.length > 0);
    el("answer").inert = wrong.length > 0;
    if (wrong.length) { el("status").textContent = ""; el("live").textContent = wrong.join(" "); return; }
    const failed = sides.map((side) => side.failed).find((each) => each[0]);
    el("status").textContent = `${number(data.runs)} runs of each setting; bands: ${sides[0].band}.${failed ? ` ${failed[0]} runs failed: ${failed[1]}` : ""}`;
    numbers(sides);
    pairs(sides);
    draw(sides);
    said(sides);
    el("live").textContent = sides.map((side, i) => `${state.two ? `${"AB"[i]}: ` : ""}${side.said[0] || ""}`).join(" ");
  }

  function numbers(sides) {
    const two = sides.length > 1;
    const all = Object.keys(data.measures).filter((name) => sides.some((side) => side.main.some((one) => one.name === name)));
    el("numbers").replaceChildren(...all.map((name) => {
      const found = sides.map((side) => side.main.find((one) => one.name === name));
      const one = found.find(Boolean);
      const card = make("article", { class: "card" }, make("h3", { text: one.label, title: one.meaning }), make("p", { class: "what", text: one.what }));
      const bars = [];
      found.forEach((each, i) => {
        const letter = "ab"[i];
        const value = make("p", { class: "value" });
        if (two) value.append(make("b", { class: letter, text: "AB"[i] }));
        value.append(each ? each.text : "none");
        card.append(value);
        if (!each) return;
        card.append(make("p", { class: "small", text: `95 % interval ${each.interval}` }), make("p", { class: "small", text: `9 runs in 10: ${each.spread}` }));
        if (each.unfinished) card.append(make("p", { class: "small", text: `${Number((100 * each.unfinished).toPrecision(2))} % unfinished at the end` }));
        if (each.value !== null && each.low !== null && each.high !== null) bars.push({ side: letter, value: each.value, low: each.low, high: each.high });
      });
      if (bars.length) card.append(Charts.intervals(bars, ...room(bars, false), 220, false));
      return card;
    }));
    el("brief").replaceChildren(...all.slice(0, 3).map((name) => {
      const told = sides.map((side, i) => { const one = side.main.find((each) => each.name === name); return `${two ? `${"AB"[i]} ` : ""}${one ? one.text : "none"}`; });
      return make("span", {}, `${data.measures[name].label}: `, make("b", { text: told.join(" · ") }));
    }));
  }

  function room(bars, zero) {
    const low = Math.min(...bars.map((each) => each.low), ...(zero ? [0] : []));
    const high = Math.max(...bars.map((each) => each.high), ...(zero ? [0] : []));
    const more = (high - low || Math.abs(high) || 1) * 0.1;
    return [low - more, high + more];
  }

  const VERDICT = { same: "the same in every run", better: "B is better", worse: "B is worse", undecided: "not decided by so many runs", cut: "not decided: some runs are cut by the end of the simulation" };

  function pairs(sides) {
    if (sides.length < 2) { el("pairs").replaceChildren(); return; }
    const [one, other] = sides;
    const title = make("h3", { text: "B minus A, run by run" });
    if (one.horizon !== other.horizon || one.start !== other.start) {
      el("pairs").replaceChildren(title, make("p", { text: "A and B cannot be paired run by run: they differ in the time that is simulated." }));
      return;
    }
    const found = Object.keys(data.measures).filter((name) => one.values[name] || other.values[name]).map((name) => difference(name, one, other));
    const header = make("tr", {}, ...["Measure", "B − A on average", "95 % interval", "Drawn", "B is better in", "So"].map((text) => make("th", { scope: "col", text })));
    const lines = found.map((row) => {
      const kind = data.measures[row.name].kind;
      const ends = row.low === row.high ? signed(kind, row.low) : `${signed(kind, row.low)} to ${signed(kind, row.high)}`;
      const line = make("tr", { "data-measure": row.name }, make("th", { scope: "row", text: `${data.measures[row.name].label}${row.restricted ? " *" : ""}` }), make("td", { text: signed(kind, row.mean) }), make("td", { text: ends }),
        make("td", {}, Charts.intervals([{ side: "b", value: row.mean, low: row.low, high: row.high }], ...room([row], true), 220, true)), make("td", { text: `${figures(100 * row.better, 2)} % of runs` }), make("td", { text: VERDICT[row.verdict] }));
      line.difference = row;
      return line;
    });
    const notes = [make("p", { class: "small", text: "Both settings meet the same random numbers, so what they have in common falls out." })];
    if (found.some((row) => row.restricted)) notes.push(make("p", { class: "small", text: "* unfinished runs count as far as they went" }));
    el("pairs").replaceChildren(title, make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "B minus A" }, make("table", {}, make("thead", {}, header), make("tbody", {}, ...lines))), ...notes);
  }

  function draw(sides) {
    const two = sides.length > 1;
    const wide = Math.max(260, Math.round(el("fan").clientWidth || 600));
    const unit = sides[0].unit;
    el("fan-caption").textContent = `(${unit}) over time, and as it would have been without these events`;
    el("fan").replaceChildren(Charts.fan(sides, wide, `${unit} over time. ${sides.map((side) => side.said[1] || "").join(" ")}`));
    const legend = (...items) => items.map(([kind, letter, text]) => make("span", {}, Charts.key(kind, letter), text));
    el("fan-legend").replaceChildren(...(two
      ? legend(["line", "a", "A, average"], ["band90", "a", "A, 9 runs in 10"], ["line", "b", "B, average"], ["band90", "b", "B, 9 runs in 10"], ["would", "", "without these events (A)"], ["event", "", "a supplier goes"])
      : legend(["line", "a", "average"], ["band50", "a", "half of the runs"], ["band90", "a", "9 runs in 10"], ["would", "", "without these events"], ["event", "", "a supplier goes"])));
    el("fan-table").replaceChildren(curves(sides));
    const downtime = histogramOf(sides);
    const cut = downtime.cut.some((counts) => counts.some(Boolean));
    el("histogram").replaceChildren(Charts.histogram(downtime, wide, `Downtime in how many runs. ${sides.map((side) => side.said[0]).join(" ")}`));
    el("histogram-legend").replaceChildren(...legend(...(two ? [["bar", "a", "A"], ["bar", "b", "B"]] : []), ...(cut ? [["cut", "a", "still down when the simulation ends"]] : [])));
    el("histogram-table").replaceChildren(bars(downtime, two));
  }

  function table(header, body) {
    return make("table", {}, make("thead", {}, make("tr", {}, ...header.map((text) => make("th", { scope: "col", text })))), make("tbody", {}, ...body.map((cells) => make("tr", {}, ...cells.map((text, i) => (i ? make("td", { text }) : make("th", { scope: "row", text })))))));
  }

  function curves(sides) {
    const header = ["After", ...sides.flatMap((_, i) => { const letter = sides.length > 1 ? `${"AB"[i]}, ` : ""; return [`${letter}average`, `${letter}9 runs in 10`, `${letter}without these events`]; })];
    const times = sides[0].fan.times;
    const chosen = [...new Set(Array.from({ length: 9 }, (_, i) => Math.round((i * (times.length - 1)) / 8)))];
    return table(header, chosen.map((at) => [times[times.length - 1] > 96 ? `${Math.round(times[at] / 24)} days` : `${Number(times[at].toPrecision(3))} hours`, ...sides.flatMap(({ fan }) => {
      const here = Math.min(at, fan.times.length - 1);
      return [Charts.short(fan.mean[here]), `${Charts.short(fan.p05[here])} to ${Charts.short(fan.p95[here])}`, Charts.short(fan.counterfactual[here])];
    })]));
  }

  function bars(found, two) {
    const used = found.edges.slice(0, -1).map((_, i) => i).filter((i) => found.counts.some((counts) => counts[i]));
    return table(["Downtime", ...(two ? ["A, runs", "B, runs"] : ["Runs"])], used.map((i) => [`${duration(found.edges[i])} to ${duration(found.edges[i + 1])}`, ...found.counts.map((counts) => number(counts[i]))]));
  }

  function said(sides) {
    el("said").replaceChildren(...sides.flatMap((side, i) => {
      const whose = sides.length > 1 ? `${"AB"[i]}: ` : "";
      return Page.inWords(side.said, side.shares, whose, i);
    }));
  }

  // -- the replay -----------------------------------------------------------------------------------------

  function replays() {
    if (!data.replays.length) return;
    el("replays").hidden = false;
    let shown = null;
    const play = (found) => {
      if (shown) shown.remove();
      shown = mountReplay(el("replay"), found, { heading: "h3" });
    };
    el("which").replaceChildren(...data.replays.map((found, i) => {
      const radio = make("input", { type: "radio", name: "which", value: found.which, checked: i === 0 });
      radio.addEventListener("change", () => play(found));
      return make("label", {}, radio, found.which === "worst" ? "the run that loses the most users" : "a typical run");
    }));
    play(data.replays[0]);
  }

  function begin() {
    el("page").hidden = false;
    readAddress();
    buildAxes();
    showAxes();
    el("two").addEventListener("change", () => {
      state.two = el("two").checked;
      if (state.two) state.b = [...state.a];
      changed();
    });
    el("back").addEventListener("click", () => { state.a = [...base]; state.b = [...base]; changed(); });
    window.addEventListener("hashchange", () => { readAddress(); showAxes(); show(); });
    show();
    replays();
    // On a phone the main numbers stay in sight while a slider is moved, and leave with the sliders.
    new IntersectionObserver(([seen]) => { el("brief").hidden = !seen.isIntersecting; }).observe(el("page"));
    let width = el("fan").clientWidth;
    new ResizeObserver(() => {
      const now = el("fan").clientWidth;
      if (now && Math.abs(now - width) > 4) { width = now; show(); }
    }).observe(el("results"));
  }

  begin();
})();
