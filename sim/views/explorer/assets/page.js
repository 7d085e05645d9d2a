"use strict";
// Small things that all parts of the page use: elements, words, questions to the server.

const Page = (() => {
  const el = (id) => document.getElementById(id);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

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

  /** Ask the server. What it refuses is an error with its words and a `status`; without one it was not there. */
  async function post(path, body, signal) {
    const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal });
    if (!response.ok) {
      let message = `The server answers ${response.status}.`;
      try { message = (await response.json()).message || message; } catch { /* no words came with it */ }
      throw Object.assign(new Error(message), { status: response.status });
    }
    return response;
  }

  const json = async (path, body, signal) => (await post(path, body, signal)).json();

  return { el, make, capital, wait, post, json };
})();
