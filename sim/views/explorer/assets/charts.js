"use strict";
// Charts as SVG elements. In: plain numbers from the server. Out: an <svg> with its meaning in words.
// Colours are classes, so that light and dark are the style sheet's affair.

const Charts = (() => {
  const NS = "http://www.w3.org/2000/svg";
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  function node(name, attributes, ...children) {
    const made = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function canvas(width, height, label) {
    return node("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": label });
  }

  /** Round steps that divide `span` into at most `most` parts. */
  function step(span, most) {
    const raw = span / Math.max(most, 1);
    const power = 10 ** Math.floor(Math.log10(raw || 1));
    return [1, 2, 2.5, 5, 10].map((part) => part * power).find((size) => size >= raw * 0.999) || raw;
  }

  function ticks(low, high, most) {
    const size = step(high - low, most);
    const found = [];
    for (let at = Math.ceil(low / size) * size; at <= high * 1.0001; at += size) found.push(at);
    return found;
  }

  function short(value) {
    for (const [scale, word] of [[1e9, " bn"], [1e6, " m"], [1e3, " k"]]) {
      if (Math.abs(value) >= scale) return `${Number((value / scale).toPrecision(3))}${word}`;
    }
    return String(Number(value.toPrecision(3)));
  }

  /** Ticks on a time axis: hours since the start and what to call them. */
  function dates(start, hours, most) {
    const days = hours / 24;
    const found = [];
    if (days <= 3) {
      const size = [1, 2, 3, 6, 12, 24].find((each) => hours / each <= most) || 24;
      for (let at = 0; at <= hours; at += size) {
        const when = new Date((start + at * 3600) * 1000);
        found.push([at, `${String(when.getUTCHours()).padStart(2, "0")}:${String(when.getUTCMinutes()).padStart(2, "0")}`]);
      }
      return found;
    }
    if (days <= 31 * most && days > 45) {
      const begin = new Date(start * 1000);
      const every = Math.ceil(days / 30.4 / most);
      for (let month = begin.getUTCMonth() + (begin.getUTCDate() > 1 ? 1 : 0), i = 0; ; month += every, i += 1) {
        const at = (Date.UTC(begin.getUTCFullYear(), month, 1) / 1000 - start) / 3600;
        if (at > hours || i > 60) return found;
        if (at >= 0) found.push([at, MONTHS[((month % 12) + 12) % 12]]);
      }
    }
    const size = Math.max(1, Math.ceil(days / most)) * 24;
    for (let at = 0; at <= hours; at += size) {
      const when = new Date((start + at * 3600) * 1000);
      const year = days > 400 ? ` ${when.getUTCFullYear()}` : "";
      found.push([at, days > 400 ? `${MONTHS[when.getUTCMonth()]}${year}` : `${when.getUTCDate()} ${MONTHS[when.getUTCMonth()]}`]);
    }
    return found;
  }

  function path(xs, ys) {
    return xs.map((x, i) => `${i ? "L" : "M"}${x.toFixed(1)} ${ys[i].toFixed(1)}`).join("");
  }

  /** Users over time: bands and means of each side, and what would have been. */
  function fan(sides, width, label) {
    const height = Math.max(220, Math.min(340, width * 0.5));
    const box = { left: 52, right: 10, top: 10, bottom: 26 };
    const svg = canvas(width, height, label);
    const end = Math.max(...sides.map((side) => side.horizon));
    const top = Math.max(...sides.map((side) => Math.max(...side.fan.p95, ...side.fan.counterfactual))) * 1.04 || 1;
    const x = (hours) => box.left + (hours / end) * (width - box.left - box.right);
    const y = (users) => height - box.bottom - (users / top) * (height - box.top - box.bottom);
    for (const value of ticks(0, top, 5)) {
      svg.append(node("line", { class: "rule", x1: box.left, x2: width - box.right, y1: y(value), y2: y(value) }));
      svg.append(node("text", { x: box.left - 6, y: y(value) + 4, "text-anchor": "end" }, short(value)));
    }
    for (const [at, text] of dates(sides[0].start, end, width < 480 ? 4 : 8)) {
      const near = x(at) > width - 24 ? "end" : "middle";
      svg.append(node("text", { x: x(at), y: height - 8, "text-anchor": near }, text));
      svg.append(node("line", { class: "axis", x1: x(at), x2: x(at), y1: height - box.bottom, y2: height - box.bottom + 4 }));
    }
    const two = sides.length > 1 ? " two" : "";
    sides.forEach((side, i) => {
      const xs = side.fan.times.map(x);
      const band = (low, high) => `${path(xs, side.fan[high].map(y))}L${path([...xs].reverse(), [...side.fan[low]].reverse().map(y)).slice(1)}Z`;
      svg.append(node("path", { class: `band90 ${"ab"[i]}${two}`, d: band("p05", "p95") }));
      if (!two) svg.append(node("path", { class: `band50 ${"ab"[i]}`, d: band("p25", "p75") }));
    });
    const seen = new Set();
    for (const [at, , when] of sides.flatMap((side) => side.events)) {
      if (seen.has(at) || seen.size > 12) continue;
      seen.add(at);
      const mark = node("line", { class: "event", x1: x(at), x2: x(at), y1: box.top, y2: height - box.bottom });
      mark.append(node("title", {}, when));
      svg.append(mark);
    }
    sides.forEach((side, i) => {
      const xs = side.fan.times.map(x);
      if (i === 0) svg.append(node("path", { class: "would", d: path(xs, side.fan.counterfactual.map(y)) }));
      svg.append(node("path", { class: `line ${"ab"[i]}`, d: path(xs, side.fan.mean.map(y)) }));
    });
    svg.append(node("line", { class: "axis", x1: box.left, x2: width - box.right, y1: height - box.bottom, y2: height - box.bottom }));
    return svg;
  }

  function hatch(side) {
    const lines = node("line", { class: `hatch ${side}`, x1: 0, y1: 0, x2: 0, y2: 6 });
    return node("pattern", { id: `hatch-${side}`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, lines);
  }

  /** How many runs have how much downtime; runs that were cut are hatched. */
  function histogram(found, width, label) {
    const height = 210;
    const box = { left: 52, right: 12, top: 10, bottom: 38 };
    const svg = canvas(width, height, label);
    svg.append(node("defs", {}, hatch("a"), hatch("b")));
    const end = found.edges[found.edges.length - 1];
    const totals = found.counts.map((counts) => counts.reduce((sum, each) => sum + each, 0) || 1);
    const top = Math.max(...found.counts.map((counts, i) => Math.max(...counts) / totals[i])) * 1.08 || 1;
    const x = (hours) => box.left + (hours / end) * (width - box.left - box.right);
    const y = (share) => height - box.bottom - (share / top) * (height - box.top - box.bottom);
    for (const value of ticks(0, top, 4)) {
      svg.append(node("line", { class: "rule", x1: box.left, x2: width - box.right, y1: y(value), y2: y(value) }));
      svg.append(node("text", { x: box.left - 6, y: y(value) + 4, "text-anchor": "end" }, `${Number((100 * value).toPrecision(3))} %`));
    }
    const days = end >= 96;
    for (const at of ticks(0, days ? end / 24 : end, width < 480 ? 4 : 8)) {
      svg.append(node("text", { x: x(days ? at * 24 : at), y: height - 20, "text-anchor": "middle" }, String(Number(at.toPrecision(3)))));
    }
    svg.append(node("text", { x: width - box.right, y: height - 4, "text-anchor": "end" }, days ? "days" : "hours"));
    const many = found.counts.length;
    found.counts.forEach((counts, side) => counts.forEach((count, i) => {
      const wide = (x(found.edges[i + 1]) - x(found.edges[i]) - 1) / many;
      const left = x(found.edges[i]) + side * wide;
      const cut = found.cut[side][i];
      const whole = y((count - cut) / totals[side]);
      const foot = height - box.bottom;
      if (count - cut) svg.append(node("rect", { class: `bar ${"ab"[side]}`, x: left, y: whole, width: Math.max(wide, 1), height: foot - whole }));
      if (cut) {
        const head = y(count / totals[side]);
        svg.append(node("rect", { class: `cut ${"ab"[side]}`, x: left, y: head, width: Math.max(wide, 1), height: whole - head }));
      }
    }));
    svg.append(node("line", { class: "axis", x1: box.left, x2: width - box.right, y1: height - box.bottom, y2: height - box.bottom }));
    return svg;
  }

  /** Intervals on one scale, so that they are seen to shrink. */
  function intervals(rows, low, high, width, zero) {
    const height = rows.length * 14 + 4;
    const svg = canvas(width, height, "");
    svg.setAttribute("aria-hidden", "true");
    const span = high - low || 1;
    const x = (value) => 6 + Math.min(1, Math.max(0, (value - low) / span)) * (width - 12);
    rows.forEach((row, i) => {
      const at = 9 + i * 14;
      svg.append(node("line", { class: "track", x1: 4, x2: width - 4, y1: at, y2: at }));
      if (zero && low <= 0 && high >= 0) svg.append(node("line", { class: "zero", x1: x(0), x2: x(0), y1: 1, y2: height - 1 }));
      if (row.was) svg.append(node("line", { class: `was ${row.side}`, x1: x(row.was[0]) - 0.5, x2: x(row.was[1]) + 0.5, y1: at, y2: at }));
      svg.append(node("line", { class: `interval ${row.side}`, x1: x(row.low) - 0.5, x2: x(row.high) + 0.5, y1: at, y2: at }));
      svg.append(node("circle", { class: `dot ${row.side}`, cx: x(row.value), cy: at, r: 4 }));
    });
    return svg;
  }

  function key(kind, side) {
    const svg = node("svg", { width: 26, height: 12, viewBox: "0 0 26 12", "aria-hidden": "true" });
    if (kind === "line" || kind === "would" || kind === "event") {
      const line = { x1: 1, x2: 25, y1: 6, y2: 6, class: `${kind} ${side}` };
      svg.append(kind === "event" ? node("line", { ...line, x1: 13, x2: 13, y1: 0, y2: 12 }) : node("line", line));
    } else {
      svg.append(node("rect", { x: 1, y: 1, width: 24, height: 10, class: `${kind} ${side}` }));
    }
    return svg;
  }

  /** A part of a whole. */
  function share(part, side) {
    const svg = node("svg", { class: "share", height: 12, "aria-hidden": "true" });
    svg.append(node("rect", { class: "whole", width: "100%", height: 12 }), node("rect", { class: `bar ${side}`, width: `${(100 * part).toFixed(1)}%`, height: 12 }));
    return svg;
  }

  return { fan, histogram, intervals, key, share, short };
})();
