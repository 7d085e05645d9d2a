"use strict";
// Small things that the explorer and an exported page use alike: elements, and one side's results in words.

const Page = (() => {
  const el = (id) => document.getElementById(id);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

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

  /** A side's sentences, and where its downtime goes; `whose` stands before the headings, `at` is its place. */
  function inWords(sentences, shares, whose, at) {
    const parts = [make("h3", { text: capital(`${whose}in words`) }), make("ul", { class: "said" }, ...sentences.map((text) => make("li", { text })))];
    if (!shares.length) return parts;
    const whole = shares.reduce((sum, one) => sum + one[1], 0);
    const bars = shares.map(([label, hours, text]) =>
      make("li", {}, make("span", { text: capital(label) }), Charts.share(hours / whole, "ab"[at]), make("span", { text })));
    return [...parts, make("h3", { text: capital(`${whose}where the downtime goes, on average`) }), make("ul", { class: "shares" }, ...bars)];
  }

  return { el, make, capital, inWords };
})();
