// modal.js: the modals that the acted-as person has open; the topmost is shown.

import { post } from "./ask.js";
import { blocks } from "./blocks.js";
import { byId, h } from "./dom.js";
import { fill, inner, valueOf } from "./fields.js";
import { plain } from "./mrkdwn.js";

let shown = { id: "", mark: "" };
const drafts = new Map(); // what was typed, by view: it outlives an update, and a view laid over it

// showModals brings the dialog to what the workspace says is open, lowest first.
export function showModals(stack, user, ctx) {
  const dialog = byId("modal");
  const entry = stack.at(-1);
  if (shown.id && dialog.open) drafts.set(shown.id, enteredIn(dialog));
  for (const id of drafts.keys()) if (!stack.some((e) => e.id === id)) drafts.delete(id);
  if (!entry) {
    shown = { id: "", mark: "" };
    if (dialog.open) dialog.close();
    return;
  }
  const mark = entry.id + entry.view.hash;
  if (mark !== shown.mark) {
    const focus = entry.id === shown.id && document.activeElement?.closest("#modal [data-action]")?.dataset;
    shown = { id: entry.id, mark };
    dialog.replaceChildren(form(entry, user, ctx, stack.length));
    restore(dialog, drafts.get(entry.id));
    dialog.oncancel = (e) => { e.preventDefault(); close(entry, user, false); };
    if (!dialog.open) dialog.showModal();
    focusIn(dialog, focus);
  }
  mistakes(dialog, entry.errors || {});
}

const close = (entry, user, all) => post("close", { user, view_id: entry.id, all });

// press acts in a view; what stands in its fields goes along.
export const press = (entry, user, place) => (e, b, value) => post("click", {
  user, view_id: entry.id, block_id: b.block_id, action_id: e.action_id, value, values: enteredIn(place),
});

function form(entry, user, ctx, depth) {
  const v = entry.view;
  return h("form", { method: "dialog", novalidate: true, onsubmit: (e) => { e.preventDefault(); send(e.target, entry, user); } },
    h("header", {},
      depth > 1 && h("button", { type: "button", class: "icon", "aria-label": "Back", onclick: () => close(entry, user, false) }, "←"),
      h("h2", { id: "modal-title" }, plain(v.title.text)),
      h("button", { type: "button", class: "icon", "aria-label": depth > 1 ? "Close all" : "Close", onclick: () => close(entry, user, true) }, "✕")),
    h("div", { class: "body" }, blocks(v.blocks, {
      ...ctx, id: entry.id, entered: v.state.values,
      act: press(entry, user, byId("modal")),
    })),
    h("footer", {},
      h("button", { type: "button", onclick: () => close(entry, user, false) }, plain(v.close?.text || (depth > 1 ? "Back" : "Cancel"))),
      v.submit && h("button", { type: "submit", class: "primary" }, plain(v.submit.text))));
}

// focusIn puts the focus on the element where it was, or where the view begins.
function focusIn(dialog, at) {
  const was = at && dialog.querySelector(`[data-of="${CSS.escape(at.of)}"][data-action="${CSS.escape(at.action)}"]`);
  const first = dialog.querySelector("[autofocus]") || dialog.querySelector(".body :is(input, select, textarea)")
    || dialog.querySelector("footer button:last-child");
  (was ? reachable(was) : first)?.focus();
}

// reachable is what takes the focus in a control.
const reachable = (el) => (el.tagName === "FIELDSET" ? el.querySelector("input") : inner(el));

const fieldsOf = (place) => [...place.querySelectorAll("[data-block]")].map((b) => [b, b.querySelector("[data-action]")]).filter(([, f]) => f);

function enteredIn(place) {
  const values = {};
  for (const [block, f] of fieldsOf(place)) values[block.dataset.block] = { [f.dataset.action]: valueOf(f) };
  return values;
}

// As in Slack, what was entered stays where block and action stay the same.
function restore(dialog, values) {
  for (const [block, f] of fieldsOf(dialog)) {
    const value = values?.[block.dataset.block]?.[f.dataset.action];
    if (value !== undefined) fill(f, value);
  }
}

async function send(form, entry, user) {
  const button = form.querySelector("[type=submit]");
  if (!button || button.disabled) return;
  button.disabled = true;
  const answer = await post("submit", { user, view_id: entry.id, values: enteredIn(form) });
  button.disabled = false;
  mistakes(byId("modal"), answer.errors || {});
}

// mistakes shows each complaint at its field, and leads to the first new one.
function mistakes(dialog, errors) {
  let first = null;
  for (const [block, f] of fieldsOf(dialog)) {
    const complaint = errors[block.dataset.block] || "";
    const line = block.querySelector(".problem");
    if (line.textContent === complaint) continue;
    line.textContent = complaint;
    line.hidden = !complaint;
    if (f.tagName !== "FIELDSET") inner(f).setAttribute("aria-invalid", Boolean(complaint));
    if (complaint) first ??= f;
  }
  if (first) reachable(first).focus();
}
