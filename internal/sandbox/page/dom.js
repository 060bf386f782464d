// dom.js: making elements, asking the sandbox, telling what went wrong.

// h makes an element. Properties that begin with "on" are listeners; null and
// false leave an attribute out. Text is always text, never markup.
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name === "class") el.className = value;
    else el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}

export const byId = (id) => document.getElementById(id);

// keyed shows items as el's children, and leaves alone those that did not change,
// so that a menu that is open, or a button in focus, survives a refresh.
export function keyed(el, items) {
  const old = new Map([...el.children].map((c) => [c.dataset.key + c.dataset.rev, c]));
  const next = items.map(({ key, rev, make }) => {
    const kept = old.get(key + rev);
    if (kept) return kept;
    const made = make();
    made.dataset.key = key;
    made.dataset.rev = rev;
    return made;
  });
  const same = next.length === el.children.length && next.every((n, i) => el.children[i] === n);
  if (!same) el.replaceChildren(...next);
  return !same;
}

async function read(response) {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail || answer.error);
  return answer;
}

export const get = async (path) => read(await fetch("sandbox/v1/" + path));

// post does a deed; whatever the sandbox refuses is shown to the person.
export async function post(path, body) {
  try {
    const response = await fetch("sandbox/v1/" + path, { method: "POST", body: JSON.stringify(body) });
    const answer = await read(response);
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

export function tell(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = !text;
}

// confirmed asks before something that wants to be asked for.
export function confirmed(c, text) {
  if (!c) return Promise.resolve(true);
  const dialog = byId("confirm");
  return new Promise((resolve) => {
    const close = (yes) => () => { dialog.close(); resolve(yes); };
    dialog.replaceChildren(
      h("h2", { id: "confirm-title" }, c.title.text),
      h("p", {}, text(c.text)),
      h("footer", {},
        h("button", { type: "button", onclick: close(false) }, c.deny.text),
        h("button", { type: "button", class: c.style || "primary", onclick: close(true) }, c.confirm.text)),
    );
    dialog.oncancel = close(false);
    dialog.showModal();
  });
}
