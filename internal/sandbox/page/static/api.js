// api.js: calls the control interface, and shows what went wrong.

export const byId = (id) => document.getElementById(id);

async function request(path, options) {
  const response = await fetch("/sandbox/v1/" + path, options).catch(() => { throw new Error("The sandbox isn't responding."); });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail || answer.error);
  return answer;
}

export const get = (path) => request(path);

// post sends a request; whatever the sandbox refuses is shown to the person.
export async function post(path, body, method = "POST") {
  try {
    const answer = await request(path, { method, body: body && JSON.stringify(body) });
    showProblem(answer.ok || answer.errors ? "" : failure(answer));
    return answer;
  } catch (e) {
    showProblem(e.message);
    return { ok: false };
  }
}

function failure(answer) {
  const known = {
    dispatch_failed: "No bot is connected, so nothing was delivered.",
    operation_timeout: "The bot didn't acknowledge within 3 seconds.",
  };
  return known[answer.error] || [answer.error, answer.detail].filter(Boolean).join(": ");
}

// showProblem shows what went wrong where the person is looking: in a form, if one is
// open, or in the pane where the focus is.
export function showProblem(text) {
  const pane = document.querySelector("dialog[open] .body") || document.activeElement.closest("aside") || document.querySelector("main");
  for (const line of document.querySelectorAll(".problem[data-own]")) {
    line.textContent = pane.contains(line) ? text : "";
    line.hidden = !line.textContent;
  }
}
