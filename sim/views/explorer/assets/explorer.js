"use strict";
// The page: what is set, asking for answers while something is dragged, showing them.
// A setting is a path and a text as a scenario file would have it; the server reads both, this page neither.

(() => {
  const { el, make } = Page;
  const { wait, post, json } = Asking;
  const VISITOR = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const state = {
    scenario: "", runs: 1000, users: "expected", two: false, edit: "a",
    sides: { a: { strategy: null, settings: new Map() }, b: { strategy: null, settings: new Map() } },
  };
  const base = new Map();     // scenario and strategy -> path -> control, without any setting
  const heads = new Map();    // the same -> title, strategies
  let shown = [];             // controls on the page
  let rows = new Map();       // path -> the elements of its control
  let last = null;            // the answer on the page
  let touched = "";           // the path that was set last: what is wrong is most likely there
  let touched_at = 0;         // and when
  let away = false;           // the server does not answer

  const side = () => state.sides[state.edit];
  const names = () => (state.two ? ["a", "b"] : ["a"]);

  /** Settings of a whole part come before those of its fields. */
  function settingsOf(each) {
    return [...each.settings].sort((one, other) => one[0].split(".").length - other[0].split(".").length).map(([path, text]) => `${path}=${text}`);
  }

  /** What a side is to the server. */
  const asking = (each) => ({ scenario: state.scenario, users: state.users, strategy: each.strategy, settings: settingsOf(each) });

  // -- the address ----------------------------------------------------------------------------------------

  const RUNS = [200, 1000, 2000, 5000];

  function readAddress() {
    const asked = new URLSearchParams(location.search);
    for (const name of ["a", "b"]) {
      state.sides[name] = { strategy: asked.get(`${name}_strategy`), settings: new Map() };
      for (const each of asked.getAll(name)) {
        const cut = each.indexOf("=");
        if (cut > 0) state.sides[name].settings.set(each.slice(0, cut), each.slice(cut + 1));
      }
    }
    state.two = asked.get("two") === "1";
    state.edit = state.two ? "b" : "a";
    state.users = asked.get("users") === "graph" ? "graph" : "expected";
    state.runs = RUNS.includes(Number(asked.get("runs"))) ? Number(asked.get("runs")) : 1000;
    breaks.lose((asked.get("lost") || "").split(",").filter(Boolean));
    return asked.get("scenario");
  }

  function address() {
    const said = new URLSearchParams({ scenario: state.scenario });
    for (const name of names()) {
      if (state.sides[name].strategy) said.set(`${name}_strategy`, state.sides[name].strategy);
      for (const each of settingsOf(state.sides[name])) said.append(name, each);
    }
    if (state.two) said.set("two", "1");
    if (state.users !== "expected") said.set("users", state.users);
    if (state.runs !== 1000) said.set("runs", String(state.runs));
    if (breaks.lost().length) said.set("lost", breaks.lost().join(","));
    return `${location.pathname}?${said}`;
  }

  let written = { path: "", at: -Infinity };   // what the newest entry of the history is about

  /** Every finished change is a step of the back button; steps of one slider in a row are one. */
  function writeAddress(path = "") {
    const now = address();
    if (now !== `${location.pathname}${location.search}`) {
      const going_on = path && path === written.path && performance.now() - written.at < 2000;
      history[going_on || written.at < 0 ? "replaceState" : "pushState"](null, "", now);
    }
    written = { path, at: performance.now() };
    downloads();
  }

  // -- controls -------------------------------------------------------------------------------------------

  const WHERE = { file: "From the file", default: "Default", set: "Set here" };

  function where(control) {
    const kind = control.mark === "choice" ? "a choice" : control.mark === "source" ? "source" : "assumption";
    return `${WHERE[control.origin] || control.origin}, ${kind}${control.note ? `: ${control.note}` : ""}`;
  }

  const baseKey = (each) => `${state.scenario} ${each.strategy || ""} ${state.users}`;

  function original(path) {
    const known = base.get(baseKey(side()));
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
    parts.wrong = make("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
    row.append(parts.wrong, make("details", { class: "why" }, make("summary", { id: `${id}-why`, text: (control.meaning || control.path).replace(/`/g, "") }), parts.note, make("br"), make("code", { text: control.path })), parts.undo);
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
        const inside = make("div", { class: "rows" });   // a browser may put a box of its own around what a details holds
        for (const control of controls) { const parts = build(control); rows.set(control.path, parts); inside.append(parts.row); }
        details.append(inside);
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

  /** What differs from the file; as it was typed where the server could not read it. */
  function changes(unread = false) {
    const said = [...side().settings];
    if (!said.length) { el("changes").replaceChildren(); return; }
    const all = make("button", { type: "button", text: "Undo all changes" });
    all.addEventListener("click", () => { side().settings.clear(); settled(); });
    const items = said.map(([path, text]) => {
      const here = shown.find((each) => each.path === path);
      const control = here || original(path);   // a law typed for a number has controls of its own
      const told = control ? `${control.label}${control.about ? ` (${control.about})` : ""}` : path;
      const value = text === "null" ? "none" : here && here.kind === "number" && !unread ? here.text : control && control.kind === "switch" && text.startsWith("{") ? "yes" : text;
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
    if (final) settled(path);
  }

  function unset(path) {
    for (const each of [...side().settings.keys()]) if (each === path || each.startsWith(`${path}.`)) side().settings.delete(each);
    settled();
  }

  /** After a change is finished: the address, the bounds of other inputs, and the answer. */
  function settled(path = "") {
    writeAddress(path);
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
      const key = baseKey(each);
      if (!base.has(key)) {
        const plain = await json("/api/controls", { ...asking(each), settings: [] });
        heads.set(key, plain);
        base.set(key, new Map(plain.controls.map((control) => [control.path, control])));
      }
      if (!each.settings.size) {
        if (mine === controlsWanted) { head(heads.get(key)); refresh([...base.get(key).values()]); }
        return;
      }
      const found = await json("/api/controls", asking(each));
      if (mine !== controlsWanted) return;
      head(found);
      refresh(found.controls);
    } catch (error) {
      if (mine !== controlsWanted) return;
      if (!error.status) { unreachable(); return; }
      problem(error.message);
      changes(true);
      if (!shown.length) await plainControls(mine);
    }
  }

  /** An address with a wrong setting still shows the controls, so that it can be mended. */
  async function plainControls(mine) {
    try {
      const plain = await json("/api/controls", { scenario: state.scenario, users: state.users, strategy: null, settings: [] });
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
    const question = { visitor: VISITOR, scenario: state.scenario, users: state.users, sides: asked, runs: state.runs };
    const key = JSON.stringify(question);
    if (flight && flight.key === key && !flight.failed) { again = false; return; }
    if (flight && flight.waiting && performance.now() - flight.begun < PATIENCE) { again = true; return; }
    if (flight) flight.control.abort();
    again = false;
    const mine = { control: new AbortController(), waiting: true, failed: false, key, begun: performance.now() };
    flight = mine;
    Results.begin();
    el("results").setAttribute("aria-busy", "true");
    el("progress").value = 0;
    el("replay-part").classList.add("stale");
    // A drag that is answered quickly does not make the page flicker.
    setTimeout(() => {
      if (mine !== flight || !mine.waiting) return;
      el("answer").classList.add("stale");
      if (!away) el("status").textContent = state.users === "graph" ? "Computing; individuals in a network take some seconds …" : "Computing …";
    }, 400);
    run(mine, question).catch((error) => {
      mine.failed = true;
      if (mine !== flight || error.name === "AbortError" || error.status === 409) return;
      if (error.status) problem(error.message);
      else unreachable();
    }).finally(() => {
      mine.waiting = false;
      if (mine === flight && again) ask();
    });
  }

  async function run(mine, question) {
    const asked = names().map((name) => asking(state.sides[name]));
    const response = await post("/api/answer", question, mine.control.signal);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    let complete = false;
    for (;;) {
      const { value, done } = await reader.read();
      if (done && mine === flight && !complete) throw new Error("the answer ends in its middle");
      if (done) break;
      text += value;
      const lines = text.split("\n");
      text = lines.pop();
      for (const line of lines.filter(Boolean)) {
        if (mine !== flight) return;
        const said = JSON.parse(line);
        mine.failed = Boolean(said.message || said.superseded);
        mine.waiting = false;
        complete = Boolean(said.message || said.superseded) || said.done >= said.wanted;
        if (said.message) problem(said.message);
        else if (!said.superseded) show(said, asked);
      }
      if (again) { ask(); return; }
    }
  }

  /** A problem in the words of the page: inputs by their names, not by their places in the file. */
  function inWords(message) {
    const named = (line) => {
      const [, path, said] = line.match(/^([\w.]+): (.*)$/) || [];
      const control = path && shown.find((each) => each.path === path);
      return control ? `${control.label}${control.about ? ` (${control.about})` : ""}: ${said}` : line;
    };
    return message.split("\n").map(named).join("\n").replace(/`([^`\n]*)`/g, "“$1”");
  }

  /** Beside the input that was set last, for what is wrong is most likely there and the results may be out of sight. */
  function besideInput(message) {
    for (const parts of rows.values()) {
      const wrong = Boolean(message) && parts.control.path === touched && side().settings.has(touched);
      parts.wrong.hidden = !wrong;
      parts.wrong.textContent = wrong ? message : "";
      for (const input of [parts.text, parts.range]) {
        if (!input) continue;
        input.setAttribute("aria-invalid", String(wrong));
        if (wrong) input.setAttribute("aria-errormessage", parts.wrong.id);
        else input.removeAttribute("aria-errormessage");
      }
    }
  }

  function problem(text) {
    const message = inWords(text || "");
    el("problem").hidden = !message;
    el("problem").textContent = message;
    besideInput(message);
    if (!message) return;
    el("results").setAttribute("aria-busy", "false");
    el("answer").classList.add("stale");
    el("status").textContent = last ? "Below is the last answer that could be computed." : "";
    el("progress").value = 0;
    el("brief").replaceChildren(make("span", { class: "wrong", text: message }));
  }

  /** Say that the server is gone, and look until it is there again. */
  async function unreachable() {
    problem("The server does not answer. It may have been stopped: start it again (`make explore`), on the same port; this page tries by itself.");
    if (away) return;
    away = true;
    while (away) {
      await wait(1000);
      try { away = !(await fetch("/api/scenarios", { cache: "no-store" })).ok; } catch { /* not yet */ }
    }
    flight = null;
    again = false;
    base.clear();
    problem("");
    el("live").textContent = "The server answers again.";
    if (!state.scenario) { begin(); return; }
    controls();
    ask();
  }

  function show(answer, asked) {
    problem("");
    last = answer;
    Results.show(answer);
    breaks.show(asking(side()), state.two ? state.edit.toUpperCase() : "");
    if (answer.done < answer.wanted) return;
    el("results").setAttribute("aria-busy", "false");
    runsToReplay(answer, asked);
  }

  // -- one run, played back -------------------------------------------------------------------------------

  let replay = null;     // what is on the page: { remove() }
  let replayed = "";     // what it is of
  let wantedRun = "typical";

  /** Offer the typical and the worst run of each side, and show the one of the kind that was chosen last. */
  function runsToReplay(answer, asked) {
    const offered = answer.sides.flatMap((each, i) => [["typical", each.typical, "A typical run"], ["worst", each.worst, "The worst run"]].map(([kind, number, words]) => {
      const whose = answer.sides.length > 1 ? `${"AB"[i]}: ${words.charAt(0).toLowerCase()}${words.slice(1)}` : words;
      return { id: `${kind} ${i}`, text: `${whose} (number ${number.toLocaleString("en")})`, ask: { ...asked[i], replication: number } };
    }));
    const kept = offered.find((each) => each.id === wantedRun) || offered.find((each) => each.id.startsWith(wantedRun.split(" ")[0])) || offered[0];
    const select = el("run");
    select.replaceChildren(...offered.map((each) => make("option", { value: each.id, text: each.text })));
    select.value = kept.id;
    select.onchange = () => {
      wantedRun = select.value;
      playBack(offered.find((each) => each.id === wantedRun).ask);
    };
    el("replay-part").hidden = false;
    playBack(kept.ask);
  }

  async function playBack(asked) {
    const key = JSON.stringify(asked);
    el("replay-part").classList.remove("stale");
    if (key === replayed) return;
    replayed = key;
    el("replay-problem").textContent = "";
    try {
      const found = await json("/api/replay", asked);
      if (key !== replayed) return;
      if (replay) replay.remove();
      replay = mountReplay(el("replay"), found, { heading: "h4" });
    } catch (error) {
      if (key !== replayed) return;
      replayed = "";
      if (error.status) el("replay-problem").textContent = error.message;
    }
  }

  function downloads() {
    el("downloads").replaceChildren(...names().flatMap((name) => {
      const each = state.sides[name];
      const asked = new URLSearchParams({ scenario: state.scenario });
      if (each.strategy) asked.set("strategy", each.strategy);
      for (const one of settingsOf(each)) asked.append("set", one);
      const of = state.two ? ` of ${name.toUpperCase()}` : "";
      const file = `/scenario.yaml?${asked}`;
      if (state.users !== "expected") asked.set("users", state.users);
      return [make("li", {}, make("a", { href: file, download: true, text: `The scenario file${of} with these settings (YAML)` })),
        make("li", {}, make("a", { href: `/report.html?${asked}`, download: true, text: `The report${of} of 1,000 runs (one HTML page; takes some seconds)` }))];
    }));
  }

  // -- the rest of the page -------------------------------------------------------------------------------

  function sidesShown() {
    el("two").checked = state.two;
    el("which").hidden = !state.two;
    document.querySelector(`input[name="edit"][value="${state.edit}"]`).checked = true;
  }

  function open(name) {
    state.scenario = name;
    shown = [];
    last = null;
    el("scenario").value = name;
    el("title").textContent = el("scenario").selectedOptions[0]?.textContent ?? "";
    el("results").setAttribute("aria-busy", "true");  // at once: what is shown is of another scenario
    el("answer").classList.add("stale");
    el("runs").value = String(state.runs);
    el("users").value = state.users;
    el("find").value = "";
    forget();
    settled();
  }

  /** What was played back is of other settings. */
  function forget() {
    if (replay) replay.remove();
    replay = null;
    replayed = "";
    el("replay-part").hidden = true;
  }

  function listen() {
    el("scenario").addEventListener("change", () => {
      for (const each of Object.values(state.sides)) { each.strategy = null; each.settings.clear(); }
      breaks.lose([]);
      open(el("scenario").value);
    });
    el("runs").addEventListener("change", () => { state.runs = Number(el("runs").value); writeAddress(); ask(); });
    el("users").addEventListener("change", () => { state.users = el("users").value; shown = []; forget(); settled(); });
    el("two").addEventListener("change", () => {
      state.two = el("two").checked;
      if (state.two && !state.sides.b.settings.size && !state.sides.b.strategy) copyToB();
      state.edit = state.two ? "b" : "a";
      forget();
      sidesShown();
      settled();
    });
    for (const radio of document.querySelectorAll('input[name="edit"]')) {
      radio.addEventListener("change", () => { state.edit = radio.value; writeAddress(); controls(); if (last) breaks.show(asking(side()), state.edit.toUpperCase()); });
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
      if (last && now && Math.abs(now - width) > 4) { width = now; Results.draw(last); breaks.place(); }
    }).observe(el("results"));
    window.addEventListener("popstate", () => {
      const name = readAddress();
      written = { path: "", at: -Infinity };   // going back writes nothing new
      sidesShown();
      open(known(name));
    });
  }

  function copyToB() {
    state.sides.b = { strategy: state.sides.a.strategy, settings: new Map(state.sides.a.settings) };
  }

  let offered = [];      // names of scenarios
  let begun = false;
  let firstOne = "";

  const known = (name) => (offered.includes(name) ? name : firstOne);

  async function begin() {
    const wanted = readAddress();
    let found;
    try { found = await (await fetch("/api/scenarios")).json(); } catch { unreachable(); return; }
    offered = found.scenarios.map(([name]) => name);
    firstOne = found.first;
    el("scenario").replaceChildren(...found.scenarios.map(([name, title]) => make("option", { value: name, text: title })));
    if (!begun) listen();
    begun = true;
    sidesShown();
    open(known(wanted));
  }

  const breaks = mountBreaks(el("breaks"), { changed: () => writeAddress("lost"), missing: (error) => { if (!error.status) unreachable(); } });
  begin();
})();
