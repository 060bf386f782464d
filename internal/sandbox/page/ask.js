// ask.js: asking the sandbox, and telling what went wrong.

import { byId } from "./dom.js";

async function ask(path, options) {
  const response = await fetch("sandbox/v1/" + path, options).catch(() => { throw new Error("The sandbox does not answer."); });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail || answer.error);
  return answer;
}

export const get = (path) => ask(path);

export const remove = (path) => ask(path, { method: "DELETE" });

// post does a deed; whatever the sandbox refuses is shown to the person.
export async function post(path, body) {
  try {
    const answer = await ask(path, { method: "POST", body: JSON.stringify(body) });
    tell(answer.ok || answer.errors ? "" : failure(answer));
    return answer;
  } catch (e) {
    tell(e.message);
    return { ok: false };
  }
}

function failure(answer) {
  const known = {
    dispatch_failed: "No bot is connected, so nothing could be delivered.",
    operation_timeout: "The bot did not answer within 3 seconds.",
  };
  return known[answer.error] || [answer.error, answer.detail].filter(Boolean).join(": ");
}

const line = byId("problem");

// tell says what went wrong where the person is looking: in a modal, if one is
// open, or in the panel where the focus is.
export function tell(text) {
  const home = [...document.querySelectorAll("dialog[open] .body")].at(-1)
    || document.activeElement.closest("aside") || document.querySelector("main");
  if (line.parentElement !== home) home.append(line);
  line.textContent = text;
  line.hidden = !text;
}
