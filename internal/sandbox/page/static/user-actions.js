// user-actions.js: what people do with the elements of the page.

import { byId, post } from "./api.js";
import { enteredIn, inner, undo, valueOf } from "./fields.js";
import { leave, opener } from "./popup.js";

// confirmed resolves to what the person answers to the question before an
// element; where there is none, there is nothing to ask.
function confirmed(question) {
  if (!question?.matches(".confirmation")) return Promise.resolve(true);
  const dialog = byId("confirm");
  dialog.replaceChildren(...question.cloneNode(true).childNodes);
  dialog.querySelector("h2").id = "confirm-title";
  dialog.querySelector("p").id = "confirm-text";
  return new Promise((resolve) => {
    const close = (yes) => { dialog.close(); resolve(yes); };
    for (const button of dialog.querySelectorAll("button")) button.onclick = () => close(button.value === "yes");
    dialog.oncancel = () => resolve(false);
    dialog.showModal();
  });
}

const used = new Map(); // the selector of what was used last in a view

// click sends the app what was done with one of its elements.
async function click(el, value, out) {
  if (out) window.open(out, "_blank", "noopener");
  if (!await confirmed(el.previousElementSibling)) return undo(el);
  const { viewer, channel } = document.body.dataset, place = el.closest("[data-ts], [data-view]"), { view, ts } = place.dataset;
  if (view) used.set(view, `[data-key="${CSS.escape(el.dataset.key)}"]`);
  const at = view ? { view_id: view, values: enteredIn(place) } : { channel, ts };
  await post("click", { user: viewer, ...at, block_id: el.dataset.of, action_id: el.dataset.action, value });
}

let moving = Promise.resolve(); // the clock: what is pressed meanwhile follows

function pressed(e) {
  const button = e.target.closest("button");
  if (!button) return;
  const menu = button.closest("[role=menu]");
  if (menu) leave(menu);
  const { post: path, body, delete: gone, action, out } = button.dataset;
  if (path === "clock") moving = moving.then(() => post(path, JSON.parse(body)));
  else if (path) post(path, JSON.parse(body));
  else if (gone) post(gone, null, "DELETE");
  else if (menu) click(opener(menu), button.value, out);
  else if (action && !button.popoverTargetElement) click(button, button.value, out);
}

let sending = false;

async function sent(e) {
  if (!e.target.matches("#modal form")) return;
  e.preventDefault();
  if (sending || !e.target.querySelector("[type=submit]")) return;
  sending = true;
  used.set(byId("modal").dataset.view, "[type=submit]");
  await post("submit", { user: document.body.dataset.viewer, view_id: byId("modal").dataset.view, values: enteredIn(e.target) });
  sending = false;
}

// beginUserActions listens to all that people do.
export function beginUserActions() {
  document.addEventListener("click", pressed);
  document.addEventListener("chosen", (e) => { if (e.target.matches("[data-acts]")) click(e.target, valueOf(e.target)); });
  document.addEventListener("submit", sent);
  byId("modal").addEventListener("cancel", (e) => {
    e.preventDefault();
    post("close", { user: document.body.dataset.viewer, view_id: byId("modal").dataset.view });
  });
}

let shown = ""; // the view that is open
let problems = new Map(); // what was wrong with its fields

// showModal opens and closes the dialog, as the page says, and leads to where
// the person goes on: to the first new problem, back to what another view was
// opened by, or to the first field.
export function showModal() {
  const dialog = byId("modal"), view = dialog.dataset.view || "";
  if (!view && dialog.open) dialog.close();
  if (view && !dialog.open) dialog.showModal();
  const now = new Map([...dialog.querySelectorAll("[data-block] > .problem")].map((p) => [p.id, p.textContent]));
  const first = [...dialog.querySelectorAll("[data-block]")].find((b) => {
    const id = b.querySelector(":scope > .problem").id;
    return now.get(id) && now.get(id) !== problems.get(id);
  });
  if (first) inner(first.querySelector("[data-action]")).focus();
  else if (view && view !== shown) {
    const begin = [used.get(view), "[autofocus]", ".body :is(input, select:not([hidden]), textarea)", "footer button:last-child"];
    inner(begin.map((selector) => selector && dialog.querySelector(selector)).find(Boolean)).focus();
  }
  shown = view;
  problems = now;
}
