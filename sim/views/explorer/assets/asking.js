"use strict";
// Questions to the server. An exported page has none, so this stands apart from what both pages use.

const Asking = (() => {
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

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

  return { wait, post, json };
})();
