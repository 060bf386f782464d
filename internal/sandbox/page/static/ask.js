// ask.js: asking the sandbox, and telling what went wrong.

export const byId = (id) => document.getElementById(id);

async function ask(path, options) {
  const response = await fetch("/sandbox/v1/" + path, options).catch(() => { throw new Error("The sandbox does not answer."); });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail || answer.error);
  return answer;
}

export const get = (path) => ask(path);

// post does a deed; whatever the sandbox refuses is shown to the person.
export async function post(path, body, method = "POST") {
  try {
    const answer = await ask(path, { method, body: body && JSON.stringify(body) });
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

// tell says what went wrong where the person is looking: in a form, if one is
// open, or in the pane where the focus is.
export function tell(text) {
  const home = document.querySelector("dialog[open] .body") || document.activeElement.closest("aside") || document.querySelector("main");
  for (const line of document.querySelectorAll(".problem[data-own]")) {
    line.textContent = home.contains(line) ? text : "";
    line.hidden = !line.textContent;
  }
}
