"use strict";
// The page: what is set, asking for answers while something is dragged, showing them.
// A setting is a path and a text as a scenario file would have it; the server reads both, this page neither.

(() => {
  const el = (id) => document.getElementById(id);
  const VISITOR = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const state = {
    scenario: "", runs: 1000, two: false, edit: "a",
    sides: { a: { strategy: null, settings: new Map() }, b: { strategy: null, settings: new Map() } },
  };
  const base = new Map();     // scenario and strategy -> path -> control, without any setting
  const heads = new Map();    // the same -> title, strategies
  let shown = [];             // controls on the page
  let rows = new Map();       // path -> the elements of its control
  let last = null;            // the answer on the page
  let touched = "";           // the path that was set last: what is wrong is most likely there
  let first = new Map();      // measure and side -> its first interval since the settings changed

  // -- small things ---------------------------------------------------------------------------------------

  function make(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "text") made.textContent = value;
      else if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const side = () => state.sides[state.edit];
  const names = () => (state.two ? ["a", "b"] : ["a"]);
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  /** Settings of a whole part come before those of its fields. */
  function settingsOf(each) {
    return [...each.settings].sort((one, other) => one[0].split(".").length - other[0].split(".").length).map(([path, text]) => `${path}=${text}`);
  }

  async function post(path, body, signal) {
    const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal });
    if (!response.ok) {
      let message = `The server answers ${response.status}.`;
      try { message = (await response.json()).message || message; } catch { /* no words came with it */ }
      throw Object.assign(new Error(message), { status: response.status });
    }
    return response;
  }

  // -- the address ----------------------------------------------------------------------------------------

  function readAddress() {
    const asked = new URLSearchParams(location.search);
    for (const name of ["a", "b"]) {
      state.sides[name].strategy = asked.get(`${name}_strategy`);
      for (const each of asked.getAll(name)) {
        const cut = each.indexOf("=");
        if (cut > 0) state.sides[name].settings.set(each.slice(0, cut), each.slice(cut + 1));
      }
    }
    state.two = asked.get("two") === "1";
    if (state.two) state.edit = "b";
    const runs = Number(asked.get("runs"));
    if ([200, 1000, 2000, 5000].includes(runs)) state.runs = runs;
    return asked.get("scenario");
  }

  function address() {
    const said = new URLSearchParams({ scenario: state.scenario });
    for (const name of names()) {
      if (state.sides[name].strategy) said.set(`${name}_strategy`, state.sides[name].strategy);
      for (const each of settingsOf(state.sides[name])) said.append(name, each);
    }
    if (state.two) said.set("two", "1");
    if (state.runs !== 1000) said.set("runs", String(state.runs));
    return `${location.pathname}?${said}`;
  }

  function writeAddress() {
    history.replaceState(null, "", address());
    downloads();
  }

  // -- controls -------------------------------------------------------------------------------------------

  const WHERE = { file: "From the file", default: "Default", set: "Set here" };

  function where(control) {
    const kind = control.mark === "choice" ? "a choice" : control.mark === "source" ? "source" : "assumption";
    return `${WHERE[control.origin] || control.origin}, ${kind}${control.note ? `: ${control.note}` : ""}`;
  }

  function original(path) {
    const known = base.get(`${state.scenario} ${side().strategy || ""}`);
    return known ? known.get(path) : undefined;
  }

  function stopsOf(control) {
    const kept = new Map(control.stops.map(([text, amount, setting]) => [amount, [text, setting]]));
    const before = original(control.path);
    if (control.stops.length && control.amount !== null) kept.set(control.amount, [control.text, side().settings.get(control.path) || control.setting]);
    if (control.stops.length && before && before.amount !== null) kept.set(before.amount, [before.text, before.setting]);
    return [...kept].sort((one, other) => one[0] - other[0]).map(([amount, [text, setting]]) => [amount, text, setting]);
  }

  function build(control) {
    const id = `c-${control.path.replace(/[^A-Za-z0-9_]/g, "-")}`;
    const about = control.about || control.group;
    const name = make("label", { class: "name", for: id }, control.label, make("span", { class: "about", text: about }));
    const row = make("div", { class: "control" });
    const head = make("div", { class: "head" }, name);
    const parts = { row, control, name, stops: [] };
    row.append(head);
    if (control.kind === "switch") {
      parts.box = make("input", { type: "checkbox", id, "aria-describedby": `${id}-why` });
      parts.box.addEventListener("change", () => set(control.path, parts.control.options[parts.box.checked ? 1 : 0], true));
      head.append(parts.box);
    } else if (control.kind === "choice") {
      parts.select = make("select", { id, "aria-describedby": `${id}-why` }, ...control.options.map((text) => make("option", { value: text, text: text.replace(/_/g, " ") })));
      parts.select.addEventListener("change", () => set(control.path, parts.select.value, true));
      head.append(parts.select);
    } else {
      parts.text = make("input", { type: "text", id: control.stops.length ? `${id}-text` : id, "aria-label": `${control.label}, ${about}: as typed`, autocomplete: "off", spellcheck: "false" });
      parts.text.addEventListener("change", () => set(control.path, parts.text.value.trim(), true));
      head.append(parts.text);
      if (control.stops.length) {
        parts.range = make("input", { type: "range", id, min: "0", step: "1", "aria-describedby": `${id}-why` });
        const dragged = (final) => {
          const stop = parts.stops[Number(parts.range.value)];
          if (!stop) return;
          parts.text.value = stop[1];
          parts.range.setAttribute("aria-valuetext", stop[1]);
          set(control.path, stop[2], final);
        };
        parts.range.addEventListener("input", () => dragged(false));
        parts.range.addEventListener("change", () => dragged(true));
        row.append(parts.range);
      }
    }
    parts.undo = make("button", { type: "button", class: "undo" });
    parts.undo.addEventListener("click", () => { unset(control.path); (parts.range || parts.box || parts.select || parts.text).focus(); });
    parts.note = make("span");
    row.append(make("details", { class: "why" }, make("summary", { id: `${id}-why`, text: (control.meaning || control.path).replace(/`/g, "") }), parts.note, make("br"), make("code", { text: control.path })), parts.undo);
    update(parts, control);
    return parts;
  }

  function update(parts, control) {
    parts.control = control;
    const set = side().settings.get(control.path);
    const text = control.text;
    const before = original(control.path);
    const changed = set !== undefined;
    parts.row.classList.toggle("changed", changed);
    parts.note.textContent = where(control);
    parts.undo.hidden = !changed;
    const was = before ? before.text : "";
    parts.undo.textContent = before && before.kind === "number" ? `Back to ${was}` : "Undo";
    parts.undo.setAttribute("aria-label", `${parts.undo.textContent}: ${control.label}`);
    if (parts.box) parts.box.checked = text === control.options[1] || (text !== "null" && text !== "false");
    if (parts.select) parts.select.value = text;
    if (parts.text && document.activeElement !== parts.text) {
      parts.text.value = text;
      parts.row.classList.toggle("long", text.length > 14);
    }
    if (parts.range) {
      parts.stops = stopsOf(control);
      parts.range.max = String(Math.max(parts.stops.length - 1, 0));
      const at = parts.stops.findIndex((stop) => stop[1] === text);
      const near = at >= 0 ? at : parts.stops.findIndex((stop) => stop[0] === control.amount);
      if (near >= 0) parts.range.value = String(near);
      parts.range.setAttribute("aria-valuetext", text);
    }
  }

  function render() {
    const focused = document.activeElement && document.activeElement.id;
    const open = new Set([...document.querySelectorAll("#groups > details[open]")].map((each) => each.dataset.group));
    rows = new Map();
    const main = shown.filter((control) => control.main);
    el("main-controls").replaceChildren(...main.map((control) => { const parts = build(control); rows.set(control.path, parts); return parts.row; }));
    const groups = new Map();
    for (const control of shown.filter((each) => !each.main)) {
      if (!groups.has(control.group)) groups.set(control.group, []);
      groups.get(control.group).push(control);
    }
    el("groups").replaceChildren(...[...groups].map(([group, controls]) => {
      const details = make("details", { "data-group": group }, make("summary", {}, `${group} `, make("span", { class: "count", text: `(${controls.length})` })));
      const fill = () => {
        if (!details.open || details.dataset.filled) return;
        details.dataset.filled = "yes";
        for (const control of controls) { const parts = build(control); rows.set(control.path, parts); details.append(parts.row); }
        filter();
      };
      details.addEventListener("toggle", fill);
      details.fill = () => { details.open = true; fill(); };
      if (open.has(group)) details.fill();
      return details;
    }));
    filter();
    changes();
    if (focused && el(focused)) el(focused).focus({ preventScroll: true });
  }

  /** Show the controls of the side that is changed: in place where they are the same ones. */
  function refresh(found) {
    const same = found.length === shown.length && found.every((each, i) => each.path === shown[i].path && each.kind === shown[i].kind);
    shown = found;
    if (!same) { render(); return; }
    for (const control of found) if (rows.has(control.path)) update(rows.get(control.path), control);
    changes();
  }

  function changes() {
    const said = [...side().settings];
    if (!said.length) { el("changes").replaceChildren(); return; }
    const all = make("button", { type: "button", text: "Undo all changes" });
    all.addEventListener("click", () => { side().settings.clear(); settled(); });
    const items = said.map(([path, text]) => {
      const control = shown.find((each) => each.path === path);
      const told = control ? `${control.label}${control.about ? ` (${control.about})` : ""}` : path;
      const value = text === "null" ? "none" : control && control.kind === "number" ? control.text : text.startsWith("{") ? "yes" : text;
      const back = make("button", { type: "button", class: "undo", text: "Undo", "aria-label": `Undo: ${told}` });
      back.addEventListener("click", () => unset(path));
      return make("li", {}, `${told}: ${value} `, back);
    });
    el("changes").replaceChildren(make("p", { class: "small", text: `${state.two ? `${state.edit.toUpperCase()} differs` : "Differs"} from the file in:` }), make("ul", {}, ...items), all);
  }

  function filter() {
    const words = el("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) for (const details of el("groups").children) if (shown.some((each) => !each.main && each.group === details.dataset.group && matches(each, words))) details.fill();
    let found = 0;
    for (const details of el("groups").children) {
      let some = 0;
      for (const parts of rows.values()) {
        if (parts.control.main || parts.control.group !== details.dataset.group) continue;
        parts.row.hidden = words.length > 0 && !matches(parts.control, words);
        if (!parts.row.hidden) some += 1;
      }
      details.hidden = words.length > 0 && some === 0;
      found += some;
    }
    el("found").textContent = words.length ? `${found} found` : "";
  }

  function matches(control, words) {
    const text = `${control.label} ${control.about} ${control.group} ${control.path} ${control.meaning}`.toLowerCase();
    return words.every((word) => text.includes(word));
  }

  // -- setting --------------------------------------------------------------------------------------------

  function set(path, text, final) {
    const before = original(path);
    const settings = side().settings;
    touched = path;
    if (before && before.setting === text) settings.delete(path);
    else settings.set(path, text);
    // What is set as a whole, or not there any more, has no fields that were set before.
    if (text === "null" || text.startsWith("{")) for (const each of [...settings.keys()]) if (each.startsWith(`${path}.`)) settings.delete(each);
    ask();
    if (final) settled();
  }

  function unset(path) {
    for (const each of [...side().settings.keys()]) if (each === path || each.startsWith(`${path}.`)) side().settings.delete(each);
    settled();
  }

  /** After a change is finished: the address, the bounds of other inputs, and the answer. */
  function settled() {
    writeAddress();
    controls();
    ask();
  }

  let controlsWanted = 0;
  async function controls() {
    const mine = ++controlsWanted;
    await wait(120);
    if (mine !== controlsWanted) return;
    const each = side();
    try {
      const key = `${state.scenario} ${each.strategy || ""}`;
      if (!base.has(key)) {
        const plain = await (await post("/api/controls", { scenario: state.scenario, strategy: each.strategy, settings: [] })).json();
        heads.set(key, plain);
        base.set(key, new Map(plain.controls.map((control) => [control.path, control])));
      }
      if (!each.settings.size) {
        if (mine === controlsWanted) { head(heads.get(key)); refresh([...base.get(key).values()]); }
        return;
      }
      const found = await (await post("/api/controls", { scenario: state.scenario, strategy: each.strategy, settings: settingsOf(each) })).json();
      if (mine !== controlsWanted) return;
      head(found);
      refresh(found.controls);
    } catch (error) {
      if (mine === controlsWanted) { problem(error.message); changes(); if (!shown.length) await plainControls(each, mine); }
    }
  }

  /** An address with a wrong setting still shows the controls, so that it can be mended. */
  async function plainControls(each, mine) {
    try {
      const plain = await (await post("/api/controls", { scenario: state.scenario, strategy: null, settings: [] })).json();
      if (mine !== controlsWanted) return;
      head(plain);
      refresh(plain.controls);
    } catch { /* said already */ }
  }

  function head(found) {
    el("title").textContent = found.title;
    document.title = `${found.title} · hostfall explorer`;
    el("about").textContent = found.about;
    el("strategy-field").hidden = found.strategies.length < 2;
    el("strategy").replaceChildren(...found.strategies.map(([name, label]) => make("option", { value: name, text: label })));
    el("strategy").value = found.strategy;
  }

  // -- asking ---------------------------------------------------------------------------------------------

  let flight = null;   // the question that is being answered
  const PATIENCE = 1500;  // milliseconds that something newer waits for the first numbers of what is older
  let again = false;   // something was changed while the first numbers were under way

  /** Ask for numbers. While the first of them are under way nothing newer is sent, so that a drag shows some. */
  function ask() {
    const asked = names().map((name) => ({ strategy: state.sides[name].strategy, settings: settingsOf(state.sides[name]) }));
    const question = { visitor: VISITOR, scenario: state.scenario, sides: asked, runs: state.runs };
    const key = JSON.stringify(question);
    if (flight && flight.key === key && !flight.failed) { again = false; return; }
    if (flight && flight.waiting && performance.now() - flight.begun < PATIENCE) { again = true; return; }
    if (flight) flight.control.abort();
    again = false;
    const mine = { control: new AbortController(), waiting: true, failed: false, key, begun: performance.now() };
    flight = mine;
    first = new Map();
    el("progress").value = 0;
    el("stories").classList.add("stale");
    // A drag that is answered quickly does not make the page flicker.
    setTimeout(() => { if (mine === flight && mine.waiting) el("answer").classList.add("stale"); }, 400);
    run(mine, question).catch((error) => {
      mine.failed = true;
      if (mine !== flight || error.name === "AbortError" || error.status === 409) return;
      problem(error.status ? error.message : "The server does not answer. Is it still running?");
    }).finally(() => {
      mine.waiting = false;
      if (mine === flight && again) ask();
    });
  }

  async function run(mine, question) {
    const response = await post("/api/answer", question, mine.control.signal);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
      const lines = text.split("\n");
      text = lines.pop();
      for (const line of lines.filter(Boolean)) {
        if (mine !== flight) return;
        const said = JSON.parse(line);
        mine.failed = Boolean(said.message || said.superseded);
        if (said.message) problem(said.message);
        else if (!said.superseded) show(said);
        mine.waiting = false;
      }
      if (again) { ask(); return; }
    }
  }

  function problem(message) {
    el("problem").hidden = !message;
    el("problem").textContent = message || "";
    for (const parts of rows.values()) {
      const wrong = Boolean(message) && parts.control.path === touched && side().settings.has(touched);
      for (const input of [parts.text, parts.range]) if (input) input.setAttribute("aria-invalid", String(wrong));
    }
    if (!message) return;
    el("answer").classList.add("stale");
    el("status").textContent = last ? "Below is the last answer that could be computed." : "";
    el("brief").replaceChildren(make("span", { class: "wrong", text: message }));
  }

  // -- showing --------------------------------------------------------------------------------------------

  function show(answer) {
    problem("");
    last = answer;
    el("answer").hidden = false;
    el("answer").classList.remove("stale");
    el("progress").value = Math.min(1, answer.done / answer.wanted);
    const finished = answer.done >= answer.wanted;
    const runs = answer.done.toLocaleString("en");
    const failed = answer.sides.map((each) => each.failed).find((each) => each[0]);
    el("status").textContent = `${finished ? `${runs} runs` : `${runs} of ${answer.wanted.toLocaleString("en")} runs, more are on their way`}; bands: ${answer.sides[0].band}.${failed ? ` ${failed[0]} runs failed: ${failed[1]}` : ""}`;
    numbers(answer);
    pairs(answer);
    draw(answer);
    said(answer);
    tables(answer);
    if (finished) {
      el("live").textContent = `${runs} runs are done. ${answer.sides.map((each, i) => `${answer.sides.length > 1 ? `${"AB"[i]}: ` : ""}${each.sentences[0] || ""}`).join(" ")}`;
      stories(answer);
    }
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
        card.append(value, make("p", { class: "small", text: `95 % interval ${each.interval}` }), make("p", { class: "small", text: `9 runs in 10: ${each.spread}` }));
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
    return Charts.intervals(bars, low - room, high + room, 220, zero);
  }

  const VERDICT = { same: "the same in every run", better: "B is better", worse: "B is worse", undecided: "not decided by so many runs" };

  function pairs(answer) {
    if (!answer.comparison) { el("pairs").replaceChildren(); return; }
    const { apart, rows: found } = answer.comparison;
    const title = make("h3", { text: "B minus A, run by run" });
    if (apart) { el("pairs").replaceChildren(title, make("p", { text: `A and B cannot be paired run by run: they differ in ${apart}.` })); return; }
    const header = make("tr", {}, ...["Measure", "B − A on average", "95 % interval", "", "B is better in", "So"].map((text) => make("th", { scope: "col", text })));
    const lines = found.map((row) => make("tr", {}, make("th", { scope: "row", text: `${row.label}${row.restricted ? " *" : ""}` }), make("td", { text: row.text }), make("td", { text: row.interval }),
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
    el("histogram").replaceChildren(Charts.histogram(answer.downtime, wide, `Downtime in how many runs. ${answer.sides.map((each) => each.sentences[0]).join(" ")}`));
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
      const parts = [make("h3", { text: capital(`${whose}in words`) }), make("ul", { class: "said" }, ...each.sentences.map((text) => make("li", { text })))];
      if (each.shares.length) {
        const whole = each.shares.reduce((sum, one) => sum + one[1], 0);
        parts.push(make("h3", { text: capital(`${whose}where the downtime goes, on average`) }), make("ul", { class: "shares" }, ...each.shares.map(([label, hours, text]) =>
          make("li", {}, make("span", { text: label }), Charts.share(hours / whole, "ab"[i]), make("span", { text })))));
      }
      return parts;
    }));
  }

  function tables(answer) {
    const open = el("tables").querySelector("details[open]") !== null;
    el("tables").replaceChildren(make("details", { open }, make("summary", { text: "All measures" }), ...answer.sides.map((each, i) => make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "All measures" }, make("table", {},
      make("caption", { text: `${answer.sides.length > 1 ? `${"AB"[i]}: ` : ""}${each.runs.toLocaleString("en")} runs (${each.band})` }),
      make("thead", {}, make("tr", {}, ...each.table.header.map((text) => make("th", { scope: "col", text })))),
      make("tbody", {}, ...each.table.rows.map((cells) => make("tr", {}, ...cells.map((text, at) => (at ? make("td", { text }) : make("th", { scope: "row", text })))))))))));
  }

  let told = 0;
  async function stories(answer) {
    const mine = ++told;
    const asked = names().map((name) => ({ ...state.sides[name], settings: settingsOf(state.sides[name]) }));
    const parts = [];
    for (let i = 0; i < answer.sides.length; i += 1) {
      try {
        const each = await (await post("/api/story", { scenario: state.scenario, strategy: asked[i].strategy, settings: asked[i].settings, replication: answer.sides[i].typical })).json();
        const whose = answer.sides.length > 1 ? `${"AB"[i]}: a` : "A";
        parts.push(make("h3", { text: `${whose} typical run (number ${each.replication.toLocaleString("en")})` }), make("ol", { class: "story" },
          ...each.moments.filter((moment) => moment[2]).map(([when, text]) => make("li", {}, make("time", { text: when }), make("span", { text })))));
      } catch { return; }
      if (mine !== told) return;
    }
    el("stories").replaceChildren(...parts);
    el("stories").classList.remove("stale");
  }

  function downloads() {
    el("downloads").replaceChildren(...names().flatMap((name) => {
      const each = state.sides[name];
      const asked = new URLSearchParams({ scenario: state.scenario });
      if (each.strategy) asked.set("strategy", each.strategy);
      for (const one of settingsOf(each)) asked.append("set", one);
      const of = state.two ? ` of ${name.toUpperCase()}` : "";
      return [make("li", {}, make("a", { href: `/scenario.yaml?${asked}`, download: true, text: `The scenario file${of} with these settings (YAML)` })),
        make("li", {}, make("a", { href: `/report.html?${asked}`, download: true, text: `The report${of} of 1,000 runs (a page; takes some seconds)` }))];
    }));
  }

  // -- the rest of the page -------------------------------------------------------------------------------

  function sidesShown() {
    el("two").checked = state.two;
    el("which").hidden = !state.two;
    document.querySelector(`input[name="edit"][value="${state.edit}"]`).checked = true;
  }

  async function open(name) {
    state.scenario = name;
    shown = [];
    last = null;
    el("scenario").value = name;
    el("stories").replaceChildren();
    settled();
  }

  function listen() {
    el("scenario").addEventListener("change", () => {
      for (const each of Object.values(state.sides)) { each.strategy = null; each.settings.clear(); }
      open(el("scenario").value);
    });
    el("runs").addEventListener("change", () => { state.runs = Number(el("runs").value); writeAddress(); ask(); });
    el("two").addEventListener("change", () => {
      state.two = el("two").checked;
      if (state.two && !state.sides.b.settings.size && !state.sides.b.strategy) copyToB();
      state.edit = state.two ? "b" : "a";
      el("stories").replaceChildren();
      sidesShown();
      settled();
    });
    for (const radio of document.querySelectorAll('input[name="edit"]')) {
      radio.addEventListener("change", () => { state.edit = radio.value; writeAddress(); controls(); });
    }
    el("same").addEventListener("click", () => { copyToB(); settled(); });
    el("strategy").addEventListener("change", () => { side().strategy = el("strategy").value; settled(); });
    el("find").addEventListener("input", filter);
    el("copy").addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(location.href); el("copy").textContent = "Copied"; } catch { el("copy").textContent = "Copy it from the address bar"; }
      await wait(2000);
      el("copy").textContent = "Copy the address";
    });
    let width = 0;
    new ResizeObserver(() => {
      const now = el("fan").clientWidth;
      if (last && now && Math.abs(now - width) > 4) { width = now; draw(last); }
    }).observe(el("results"));
  }

  function copyToB() {
    state.sides.b = { strategy: state.sides.a.strategy, settings: new Map(state.sides.a.settings) };
  }

  async function begin() {
    const wanted = readAddress();
    const found = await (await fetch("/api/scenarios")).json();
    el("scenario").replaceChildren(...found.scenarios.map(([name, title]) => make("option", { value: name, text: title })));
    el("runs").value = String(state.runs);
    listen();
    sidesShown();
    open(found.scenarios.some(([name]) => name === wanted) ? wanted : found.first);
  }

  begin().catch(() => problem("The server does not answer. Is it still running?"));
})();
