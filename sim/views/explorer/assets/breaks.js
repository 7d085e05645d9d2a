"use strict";
// What breaks what: suppliers are taken out by a click or a key, and the page shows what no longer works.
//
//   const shown = mountBreaks(element, { changed, missing });
//
// changed()        called when somebody is taken out or put back
// missing(error)   called when the server has no answer
// returns { show(side, letter), lose(roles), lost(), place() }: show asks for a side's dependencies.
//
// States come from the structure alone and are there at once; what a loss costs is simulated and comes after.

function mountBreaks(element, { changed, missing }) {
  const { make } = Page;
  const { json, wait } = Asking;
  const NS = "http://www.w3.org/2000/svg";
  let gone = new Set();
  let side = null;      // the side that is shown
  let key = "";         // what was asked last
  let found = null;     // the dependencies on the page
  let boxes = new Map();

  const title = make("h3", { id: "breaks-title", text: "What breaks what" });
  const hint = make("p", { class: "small", text: "Take suppliers out to see what no longer works: click, or press space on one." });
  const back = make("button", { type: "button", class: "undo", text: "Put everybody back" });
  const arrows = document.createElementNS(NS, "svg");
  arrows.setAttribute("class", "arrows");
  arrows.setAttribute("aria-hidden", "true");
  const list = make("ul", { class: "boxes" });
  const frame = make("div", { class: "graph", role: "group", "aria-labelledby": "breaks-title" }, arrows, list);
  const said = make("div", { role: "status", class: "said-of-loss" });
  const costs = make("div", { class: "costs" });
  const ways = make("details", {}, make("summary", { text: "What must be lost together to stop each of them" }));
  const table = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "What must be lost together" });
  ways.append(table);
  element.replaceChildren(title, hint, frame, said, back, costs, ways);
  back.addEventListener("click", () => { gone.clear(); changed(); ask(); frame.querySelector("button")?.focus(); });

  async function ask() {
    if (!side) return;
    const asked = { ...side, lost: [...gone] };
    const mine = (key = JSON.stringify(asked));
    try {
      const answer = await json("/api/breaks", asked);
      if (mine !== key) return;
      element.hidden = false;
      draw(answer);
      if (!answer.lost.length) { costs.replaceChildren(); return; }
      costs.classList.add("stale");
      await wait(250);   // who clicks on does not wait for what they have already undone
      if (mine !== key) return;
      const cost = await json("/api/consequence", { ...asked, lost: answer.lost });
      if (mine === key) price(cost);
    } catch (error) {
      if (mine !== key) return;
      key = "";
      costs.replaceChildren();
      // A supplier that this scenario does not have, from an address that was shared.
      if (error.status && gone.size && !found) { gone.clear(); ask(); return; }
      missing(error);
    }
  }

  function draw(answer) {
    const same = found && found.boxes.length === answer.boxes.length && answer.boxes.every((each, i) => each.id === found.boxes[i].id && each.label === found.boxes[i].label && each.column === found.boxes[i].column && each.row === found.boxes[i].row);
    found = answer;
    if (!same) build();
    for (const each of answer.boxes) {
      const { box, state } = boxes.get(each.id);
      box.dataset.state = each.state;
      state.textContent = each.state === "up" ? "" : each.word;
      if (each.supplier) box.firstChild.setAttribute("aria-pressed", String(each.state === "lost"));
      const needs = each.needs ? ` Needs ${each.needs}.` : "";
      if (each.supplier) box.firstChild.title = `${each.word.charAt(0).toUpperCase()}${each.word.slice(1)}.${needs}`;
    }
    place();
    said.replaceChildren(...answer.sentences.map((text) => make("p", { text })));
    back.hidden = !answer.lost.length;
    const head = make("tr", {}, make("th", { scope: "col", text: "To do this" }), make("th", { scope: "col", text: "any of these losses stops it" }));
    table.replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...answer.cuts.map(([name, ...cuts]) =>
      make("tr", {}, make("th", { scope: "row", text: Page.capital(name) }), make("td", { text: cuts.join("; ") || "nothing stops it" }))))));
  }

  function build() {
    boxes = new Map();
    list.replaceChildren(...found.boxes.map((each) => {
      const state = make("span", { class: "state" });
      const inside = [make("span", { class: "label", text: each.label }), state];
      const box = make("li", { class: each.supplier ? "supplier" : "capability" });
      if (each.supplier) {
        const button = make("button", { type: "button", "aria-pressed": "false" }, ...inside);
        button.addEventListener("click", () => {
          if (gone.has(each.id)) gone.delete(each.id);
          else gone.add(each.id);
          changed();
          ask();
        });
        box.append(button);
      } else {
        box.append(make("div", {}, ...inside, each.needs ? make("span", { class: "needs", text: `needs ${each.needs}` }) : ""));
      }
      boxes.set(each.id, { box, state });
      return box;
    }));
  }

  /** Put the boxes in their columns and draw the arrows; where there is no room for that it is a list. */
  function place() {
    if (!found) return;
    const width = frame.clientWidth;
    const step = width / found.columns;
    const flat = step < 118 && found.columns > 1;
    frame.classList.toggle("flat", flat);
    arrows.replaceChildren();
    frame.style.height = "";
    if (flat || !width) { for (const { box } of boxes.values()) box.removeAttribute("style"); return; }
    const wide = Math.min(step - 28, 190);
    // All boxes are as tall as the one that says most.
    for (const { box } of boxes.values()) { box.style.width = `${wide}px`; box.style.height = "auto"; }
    const tall = Math.max(44, ...[...boxes.values()].map(({ box }) => box.offsetHeight)) + 2;
    const row = tall + 14;
    const spread = found.columns > 1 ? (width - wide - 2) / (found.columns - 1) : 0;
    const x = (column) => 1 + wide / 2 + spread * column;
    const y = (at) => at * row;
    frame.style.height = `${Math.max(found.rows, 1) * row}px`;
    arrows.setAttribute("viewBox", `0 0 ${width} ${Math.max(found.rows, 1) * row}`);
    for (const each of found.boxes) {
      const { style } = boxes.get(each.id).box;
      style.left = `${x(each.column) - wide / 2}px`;
      style.top = `${y(each.row) - tall / 2}px`;
      style.width = `${wide}px`;
      style.height = `${tall}px`;
    }
    const state = new Map(found.boxes.map((each) => [each.id, each.state]));
    for (const arrow of found.arrows) {
      const points = arrow.route.map(([column, at]) => [x(column), y(at)]);
      const stops = [[points[0][0] + wide / 2, points[0][1]]];
      for (const [px, py] of points.slice(1, -1)) stops.push([px - wide / 2, py], [px + wide / 2, py]);
      const last = points[points.length - 1];
      // To a supplier in the same or an earlier column an arrow ends at its right side.
      stops.push([last[0] - wide / 2, last[1]]);
      let path = `M${stops[0].map((each) => each.toFixed(1)).join(" ")}`;
      for (let i = 1; i < stops.length; i += 1) {
        const [[x0, y0], [x1, y1]] = [stops[i - 1], stops[i]];
        const middle = ((x0 + x1) / 2).toFixed(1);
        path += i % 2 ? `C${middle} ${y0.toFixed(1)} ${middle} ${y1.toFixed(1)} ${x1.toFixed(1)} ${y1.toFixed(1)}` : `L${x1.toFixed(1)} ${y1.toFixed(1)}`;
      }
      const line = document.createElementNS(NS, "path");
      const broken = ["lost", "down"].includes(state.get(arrow.of));
      line.setAttribute("class", `arrow${arrow.choice ? " choice" : ""}${broken ? " broken" : ""}`);
      line.setAttribute("d", path);
      arrows.append(line);
    }
  }

  function price(cost) {
    costs.classList.remove("stale");
    costs.replaceChildren(
      make("p", { class: "small", text: `${cost.runs.toLocaleString("en")} runs in which ${cost.who} ${gone.size > 1 ? "are" : "is"} lost at the start, unannounced and for good, and nothing else happens:` }),
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "What the loss costs" }, make("table", {}, make("tbody", {}, ...cost.rows.map(([what, value, how]) =>
        make("tr", {}, make("th", { scope: "row", text: what }), make("td", {}, make("b", { text: value }), ` (${how})`)))))));
  }

  return {
    show(wanted, letter) {
      side = wanted;
      title.textContent = letter ? `What breaks what, with the settings of ${letter}` : "What breaks what";
      if (JSON.stringify({ ...side, lost: [...gone] }) !== key) ask();
    },
    lose(roles) { gone = new Set(roles); key = ""; if (found && side) ask(); },
    lost: () => [...gone],
    place,
  };
}
