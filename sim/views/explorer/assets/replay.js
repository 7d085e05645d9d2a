"use strict";
// One run of a simulation played back: what serves, where the users are, the clock, the sentence of the moment.
//
//   const shown = mountReplay(element, data, options);
//
// element   where it goes; its content is replaced. The page also loads replay.css (classes `replay…`; colours
//           are CSS variables, those of the page where it has them: --paper --ink --soft --line --wash --mark).
// data      what `sim.views.animation.replay_of(scenario, "typical" | "worst" | number)` returns, as JSON.
// options   { text: false } leaves out the story as text below, where the page already shows it;
//           { heading: "h3" } the element that its title becomes (default "h3"; "" for none).
// returns   { show(index), play(), pause(), remove(), frame }: frame is the index of the frame that is shown.
//           A "replay" event with detail { index, hours } is sent from `element` whenever another is shown.
//
// data = {
//   title, which, replication, unit, start (seconds since 1970), horizon (hours), source,
//   graph: { columns, rows, headline, nodes: [{ id, label, supplier, x (column), y (rows), needs, single }],
//            edges: [{ from, to, choice, route: [[column, rows], ...] }] },
//   words: { state: what a state is called },
//   layers: [{ name, label, look }],                stacked from the lowest, everybody in one of them
//   curve: { times, users: [per layer], would },    the whole run, to be drawn once
//   frames: [{ hours, when, states: [per node], users: [per layer], would, caption,
//              moment (its place in the story), event, hold (seconds) }],
//   story: [[when, text, main]],                    the same as text
// }
//
// It never starts by itself. Where less motion is asked for, playing goes from event to event only.
// Needs nothing, asks for nothing, and writes no style: it works under a strict content security policy.

function mountReplay(element, data, options) {
  const NS = "http://www.w3.org/2000/svg";
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const HATCHED = { waiting: 45, door: -45, rival0: 0, rival1: 90, rival2: 20, rival3: 70, rival4: -20 };   // degrees
  const { text: withText = true, heading = "h3" } = options || {};
  const { frames, graph, layers, curve, words } = data;
  const unique = `replay-${(mountReplay.made = (mountReplay.made || 0) + 1)}`;
  const events = frames.flatMap((frame, i) => (frame.event ? [i] : []));
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const parts = {};
  let at = 0;          // the frame that is shown
  let timer = 0;       // of the next one, while it plays; 0 if it does not
  let playing = false;

  // -- small things ---------------------------------------------------------------------------------------

  function make(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function draw(name, attributes, ...children) {
    const made = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** People in three figures: 738,000 or 2.27 million. */
  function count(value) {
    for (const [scale, word] of [[1e9, " billion"], [1e6, " million"]]) {
      if (Number(value.toPrecision(3)) >= scale) return `${Number((value / scale).toPrecision(3))}${word}`;
    }
    return Number(value < 100 ? value.toPrecision(2) : Math.round(Number(value.toPrecision(3)))).toLocaleString("en");
  }

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  // -- the graph ------------------------------------------------------------------------------------------

  /** Boxes are a list, so that states can be read; the arrows between them are drawn behind. */
  function buildGraph() {
    parts.arrows = draw("svg", { class: "replay-arrows", "aria-hidden": "true" });
    parts.boxes = graph.nodes.map((node) => {
      const state = make("span", { class: "replay-state" });
      const title = node.needs ? `${node.label}: needs ${node.needs}` : node.single ? `${node.label}: alone stops “${graph.headline}”` : node.label;
      const box = make("li", { class: `replay-box ${node.supplier ? "supplier" : "capability"}${node.single ? " single" : ""}`, title }, make("span", { class: "replay-label" }, node.label), state);
      return { box, state, node };
    });
    parts.list = make("ul", { class: "replay-graph" }, ...parts.boxes.map((each) => each.box));
    parts.frame = make("div", { class: "replay-graph-frame", role: "group", "aria-label": "What serves: suppliers, and what people can do" }, parts.arrows, parts.list);
    const used = new Set(frames.flatMap((frame) => frame.states));
    parts.key = make("p", { class: "replay-key" }, ...Object.keys(words).filter((state) => used.has(state)).map((state) => make("span", {}, make("i", { class: `replay-swatch ${state}`, "aria-hidden": "true" }), words[state])));
    if (graph.nodes.some((node) => node.single)) parts.key.append(make("span", {}, make("i", { class: "replay-swatch single", "aria-hidden": "true" }), `alone stops “${graph.headline}”`));
    if (graph.edges.some((edge) => edge.choice)) parts.key.append(make("span", { class: "replay-choice" }, make("i", { class: "replay-swatch choice", "aria-hidden": "true" }), "one of several will do"));
    return make("div", {}, parts.frame, parts.key);
  }

  function placeGraph() {
    const width = parts.frame.clientWidth;
    const step = width / graph.columns;
    const flat = step < 96 && graph.columns > 1;   // too narrow for arrows: then it is a list
    parts.frame.classList.toggle("flat", flat);
    parts.arrows.replaceChildren();
    parts.lines = [];
    if (flat) { parts.frame.style.height = ""; return; }
    const row = 66;
    const tall = 52;
    const wide = Math.min(step - 30, 170);
    const spread = graph.columns > 1 ? (width - wide - 2) / (graph.columns - 1) : 0;
    const left = graph.columns > 1 ? 1 : (width - wide) / 2;
    const x = (column) => left + wide / 2 + spread * column;
    const y = (rows) => rows * row;
    const height = Math.max(graph.rows, 1) * row;
    parts.frame.style.height = `${height}px`;
    for (const { box, node } of parts.boxes) {
      box.style.left = `${x(node.x) - wide / 2}px`;
      box.style.top = `${y(node.y) - tall / 2}px`;
      box.style.width = `${wide}px`;
      box.style.height = `${tall}px`;
    }
    parts.arrows.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const head = (kind) => draw("marker", { id: `${unique}-${kind}`, class: `replay-head ${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, draw("path", { d: "M0 0L8 4L0 8Z" }));
    parts.arrows.append(draw("defs", {}, head("calm"), head("broken")));
    parts.lines = graph.edges.map((edge) => {
      const points = edge.route.map(([column, rows]) => [x(column), y(rows)]);
      const stops = [[points[0][0] + wide / 2, points[0][1]]];
      for (const [px, py] of points.slice(1, -1)) stops.push([px - wide / 2, py], [px + wide / 2, py]);
      const last = points[points.length - 1];
      stops.push([last[0] - wide / 2 - 2, last[1]]);
      let path = `M${stops[0].map((each) => each.toFixed(1)).join(" ")}`;
      for (let i = 1; i < stops.length; i += 1) {
        const [[x0, y0], [x1, y1]] = [stops[i - 1], stops[i]];
        const middle = (x0 + x1) / 2;
        path += i % 2 ? `C${middle.toFixed(1)} ${y0.toFixed(1)} ${middle.toFixed(1)} ${y1.toFixed(1)} ${x1.toFixed(1)} ${y1.toFixed(1)}` : `L${x1.toFixed(1)} ${y1.toFixed(1)}`;
      }
      const line = draw("path", { class: `replay-arrow${edge.choice ? " choice" : ""}`, d: path });
      parts.arrows.append(line);
      return { line, from: graph.nodes.findIndex((node) => node.id === edge.from) };
    });
  }

  function paintGraph(states) {
    parts.boxes.forEach(({ box, state }, i) => {
      if (box.dataset.state === states[i]) return;
      box.dataset.state = states[i];
      state.textContent = states[i] === "up" ? "" : words[states[i]].replace(/^up: /, "");
      state.hidden = states[i] === "up";
    });
    for (const { line, from } of parts.lines) {
      const broken = states[from] === "down";
      line.classList.toggle("broken", broken);
      line.setAttribute("marker-end", `url(#${unique}-${broken ? "broken" : "calm"})`);
    }
  }

  // -- the users ------------------------------------------------------------------------------------------

  const box = { left: 46, right: 10, top: 8, bottom: 24 };
  const tall = 190;

  function buildUsers() {
    parts.chart = draw("svg", { class: "replay-users", role: "img" });
    parts.numbers = layers.map(() => make("b"));
    parts.would = make("b");
    const legend = layers.map((layer, i) => make("span", {}, make("i", { class: `replay-swatch layer ${layer.look}`, "aria-hidden": "true" }), `${layer.label} `, parts.numbers[i]));
    legend.push(make("span", {}, make("i", { class: "replay-swatch would", "aria-hidden": "true" }), "active without these events ", parts.would));
    return make("div", {}, make("p", { class: "replay-caption-of" }, `Users (${data.unit})`), parts.chart, make("p", { class: "replay-key numbers" }, ...legend));
  }

  function ticksOfTime(most) {
    const days = data.horizon / 24;
    const size = [1 / 24, 0.125, 0.25, 0.5, 1, 2, 5, 7, 14, 30, 61, 91, 182, 365].find((each) => days / each <= most) || 730;
    const found = [];
    for (let day = 0; day <= days + 1e-9; day += size) {
      const when = new Date((data.start + day * 86400) * 1000);
      const clock = `${String(when.getUTCHours()).padStart(2, "0")}:${String(when.getUTCMinutes()).padStart(2, "0")}`;
      found.push([day * 24, size < 1 ? clock : `${when.getUTCDate()} ${MONTHS[when.getUTCMonth()]}`]);
    }
    return found;
  }

  function placeUsers() {
    const width = Math.max(parts.chart.clientWidth || parts.chart.parentElement.clientWidth, 240);
    const svg = parts.chart;
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${tall}`);
    svg.setAttribute("height", tall);
    const sums = curve.times.map((_, i) => curve.users.reduce((sum, line) => sum + line[i], 0));
    const top = Math.max(...sums, ...curve.would, 1) * 1.03;
    const x = (hours) => box.left + (hours / data.horizon) * (width - box.left - box.right);
    const y = (users) => tall - box.bottom - (users / top) * (tall - box.top - box.bottom);
    parts.x = x;
    const power = 10 ** Math.floor(Math.log10(top / 4));
    const size = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => top / each <= 5) || power * 10;
    const scale = [[1e9, " bn"], [1e6, " m"], [1e3, " k"]].find(([each]) => top >= each) || [1, ""];
    for (let value = 0; value <= top; value += size) {
      svg.append(draw("line", { class: "replay-rule", x1: box.left, x2: width - box.right, y1: y(value), y2: y(value) }));
      svg.append(draw("text", { x: box.left - 5, y: y(value) + 4, "text-anchor": "end" }, value ? `${Number((value / scale[0]).toPrecision(3))}${scale[1]}` : "0"));
    }
    for (const [hours, told] of ticksOfTime(width < 480 ? 3 : 7)) {
      svg.append(draw("text", { x: x(hours), y: tall - 6, "text-anchor": x(hours) > width - 24 ? "end" : "middle" }, told));
    }
    const dashes = (name, angle) => draw("pattern", { id: `${unique}-${name}`, class: `replay-hatch ${name}`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${angle})` }, draw("rect", { width: 6, height: 6 }), draw("line", { x1: 0, y1: 0, x2: 0, y2: 6 }));
    parts.past = draw("rect", { x: 0, y: 0, width: 0, height: tall });
    const hatched = layers.map((layer) => layer.look).filter((look) => look in HATCHED);
    svg.append(draw("defs", {}, ...hatched.map((look) => dashes(look, HATCHED[look])), draw("clipPath", { id: `${unique}-past` }, parts.past)));
    const stacked = draw("g", { class: "replay-stack" });
    const base = curve.times.map(() => 0);
    layers.forEach((layer, i) => {
      const low = [...base];
      curve.users[i].forEach((value, k) => { base[k] += Math.max(value, 0); });
      const upper = base.map((value, k) => `${x(curve.times[k]).toFixed(1)} ${y(value).toFixed(1)}`);
      const lower = low.map((value, k) => `${x(curve.times[k]).toFixed(1)} ${y(value).toFixed(1)}`).reverse();
      const area = draw("path", { class: `replay-layer ${layer.look}`, d: `M${upper.join("L")}L${lower.join("L")}Z` });
      if (layer.look in HATCHED) area.setAttribute("fill", `url(#${unique}-${layer.look})`);
      stacked.append(area);
    });
    // On paper of its own, so that it is seen on light layers and on dark ones.
    const line = `M${curve.times.map((hours, k) => `${x(hours).toFixed(1)} ${y(curve.would[k]).toFixed(1)}`).join("L")}`;
    const would = draw("g", {}, draw("path", { class: "replay-would paper", d: line }), draw("path", { class: "replay-would", d: line }));
    const future = draw("g", { class: "replay-future" }, stacked.cloneNode(true));
    svg.append(future, draw("g", { "clip-path": `url(#${unique}-past)` }, stacked), would);
    for (const i of events.slice(1, -1)) svg.append(draw("line", { class: "replay-event", x1: x(frames[i].hours), x2: x(frames[i].hours), y1: tall - box.bottom, y2: tall - box.bottom + 5 }));
    parts.now = draw("line", { class: "replay-now", y1: box.top - 4, y2: tall - box.bottom });
    svg.append(parts.now);
    parts.slider.style.marginLeft = `${box.left - 8}px`;
    parts.slider.style.width = `calc(100% - ${box.left + box.right - 16}px)`;
  }

  function paintUsers(frame) {
    parts.numbers.forEach((number, i) => { number.textContent = count(Math.max(frame.users[i], 0)); });
    parts.would.textContent = count(frame.would);
    const place = parts.x(frame.hours);
    parts.past.setAttribute("width", Math.max(place, 0));
    parts.now.setAttribute("x1", place);
    parts.now.setAttribute("x2", place);
    const told = layers.map((layer, i) => `${layer.label} ${count(Math.max(frame.users[i], 0))}`).join(", ");
    parts.chart.setAttribute("aria-label", `Users (${data.unit}) over time. On ${frame.when}: ${told}; without these events ${count(frame.would)} would be active.`);
  }

  // -- showing and playing --------------------------------------------------------------------------------

  function show(index) {
    at = Math.min(Math.max(index, 0), frames.length - 1);
    const frame = frames[at];
    paintGraph(frame.states);
    paintUsers(frame);
    parts.clock.textContent = frame.when;
    const day = Math.floor(frame.hours / 24) + 1;
    parts.day.textContent = ` (day ${day} of ${Math.ceil(data.horizon / 24)})`;
    if (parts.caption.textContent !== frame.caption) parts.caption.textContent = frame.caption;
    parts.caption.classList.toggle("now", frame.event);
    parts.slider.value = String(frame.hours);
    parts.slider.setAttribute("aria-valuetext", frame.when);
    parts.back.disabled = at === 0;
    parts.next.disabled = at === frames.length - 1;
    if (parts.moments) parts.moments.forEach((item, i) => item.classList.toggle("now", i === frame.moment));
    element.dispatchEvent(new CustomEvent("replay", { detail: { index: at, hours: frame.hours } }));
  }

  const following = (index) => events.find((each) => each > index) ?? frames.length - 1;
  const preceding = (index) => [...events].reverse().find((each) => each < index) ?? 0;

  function pause() {
    clearTimeout(timer);
    timer = 0;
    playing = false;
    parts.play.textContent = at === frames.length - 1 ? "Play again" : "Play";
    parts.play.classList.remove("playing");
  }

  function later(seconds) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!element.isConnected) { pause(); return; }
      // Where less motion is asked for nothing moves between the events.
      show(calm.matches ? following(at) : at + 1);
      if (at === frames.length - 1) pause();
      else later(frames[at].hold);
    }, (seconds * 1000) / Number(parts.speed.value));
  }

  function play() {
    if (at === frames.length - 1) show(0);
    playing = true;
    parts.play.textContent = "Pause";
    parts.play.classList.add("playing");
    later(0.5);
  }

  function jump(index) {
    pause();
    show(index);
    parts.play.textContent = at === frames.length - 1 ? "Play again" : "Play";
  }

  /** The frame that holds at an instant: the last one not after it. */
  function frameAt(hours) {
    let found = 0;
    frames.forEach((frame, i) => { if (frame.hours <= hours + 1e-9) found = i; });
    return found;
  }

  function buildControls() {
    parts.play = make("button", { type: "button", class: "replay-play" }, "Play");
    parts.back = make("button", { type: "button" }, "Previous event");
    parts.next = make("button", { type: "button" }, "Next event");
    parts.speed = make("select", {}, ...[["0.5", "half speed"], ["1", "normal speed"], ["2", "twice as fast"], ["4", "four times as fast"]].map(([value, told]) => make("option", { value }, told)));
    parts.speed.setAttribute("aria-label", "How fast it plays");
    parts.speed.value = "1";
    parts.slider = make("input", { type: "range", class: "replay-slider", min: "0", max: String(data.horizon), step: "any", "aria-label": "Time in the run" });
    parts.play.addEventListener("click", () => (playing ? pause() : play()));
    parts.back.addEventListener("click", () => jump(preceding(at)));
    parts.next.addEventListener("click", () => jump(following(at)));
    parts.slider.addEventListener("input", () => jump(frameAt(Number(parts.slider.value))));
    parts.slider.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, PageUp: following(at), PageDown: preceding(at), Home: 0, End: frames.length - 1 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      jump(steps[event.key]);
    });
    return make("div", { class: "replay-buttons" }, parts.play, parts.back, parts.next, parts.speed);
  }

  function buildText() {
    if (!withText) return [];
    parts.moments = data.story.map(([when, told]) => make("li", {}, make("b", {}, when), " ", make("span", {}, told)));
    return [make("details", { class: "replay-text" }, make("summary", {}, "The same as text"), make("ol", {}, ...parts.moments))];
  }

  /** Room for nearly all captions, so that what stands below hardly ever moves. */
  function reserve() {
    const ordered = events.map((i) => frames[i].caption).sort((one, other) => one.length - other.length);
    parts.measure.textContent = ordered[Math.floor(0.8 * (ordered.length - 1))];
    parts.caption.style.minHeight = `${parts.measure.offsetHeight}px`;
    parts.measure.textContent = "";
  }

  function build() {
    parts.clock = make("span", { class: "replay-clock" });
    parts.day = make("span", { class: "replay-day" });
    parts.caption = make("p", { class: "replay-caption", "aria-live": "polite", "aria-atomic": "true" });
    parts.measure = make("p", { class: "replay-caption replay-measure", "aria-hidden": "true" });
    const title = heading ? [make(heading, { class: "replay-title" }, capital(data.title))] : [];
    const controls = buildControls();
    const users = buildUsers();
    users.insertBefore(parts.slider, users.lastChild);
    element.classList.add("replay");
    element.replaceChildren(...title, controls, make("p", { class: "replay-when" }, parts.clock, parts.day), parts.caption, parts.measure, buildGraph(), users, ...buildText(), make("p", { class: "replay-source" }, data.source));
  }

  function place() {
    placeGraph();
    placeUsers();
    reserve();
    show(at);
  }

  build();
  place();
  let width = element.clientWidth;
  const resized = new ResizeObserver(() => {
    if (!element.clientWidth || Math.abs(element.clientWidth - width) < 2) return;
    width = element.clientWidth;
    place();
  });
  resized.observe(element);
  const hidden = () => { if (document.hidden && playing) pause(); };
  document.addEventListener("visibilitychange", hidden);

  return {
    show: jump,
    play,
    pause,
    remove() { pause(); resized.disconnect(); document.removeEventListener("visibilitychange", hidden); element.replaceChildren(); element.classList.remove("replay"); },
    get frame() { return at; },
  };
}
