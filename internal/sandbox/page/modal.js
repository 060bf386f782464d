// modal.js: the modal that the acted-as person has open.

import { byId, h, post } from "./dom.js";
import { blocks, valueOf } from "./blocks.js";

let shown = "";

// showModal brings the dialog to what the workspace says is open. What a person
// is typing stays, unless the bot changed the view.
export function showModal(entry, user, ctx) {
  const dialog = byId("modal");
  if (!entry) {
    shown = "";
    if (dialog.open) dialog.close();
    return;
  }
  const mark = entry.id + entry.view.hash;
  if (mark === shown) {
    mistakes(dialog, entry.errors || {});
    return;
  }
  shown = mark;
  const v = entry.view;
  const close = () => post("close", { user, view_id: entry.id });
  dialog.replaceChildren(h("form", { method: "dialog", novalidate: true, onsubmit: (e) => { e.preventDefault(); send(e, entry, user); } },
    h("header", {}, h("h2", { id: "modal-title" }, v.title.text),
      h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => post("close", { user, view_id: entry.id, all: true }) }, "✕")),
    h("div", { class: "body" }, blocks(v.blocks, {
      ...ctx, id: entry.id, entered: v.state.values, errors: entry.errors,
      act: (e, b, value) => post("click", { user, view_id: entry.id, block_id: b.block_id, action_id: e.action_id, value }),
    })),
    h("footer", {},
      h("button", { type: "button", onclick: close }, v.close?.text || "Cancel"),
      v.submit && h("button", { type: "submit", class: "primary" }, v.submit.text))));
  dialog.oncancel = (e) => { e.preventDefault(); close(); };
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus], .body input, .body select, .body textarea")?.focus();
}

async function send(event, entry, user) {
  const values = {};
  for (const block of event.target.querySelectorAll("[data-block]")) {
    const field = block.querySelector("[data-action]");
    if (field) values[block.dataset.block] = { [field.dataset.action]: valueOf(field) };
  }
  const button = event.target.querySelector("[type=submit]");
  button.disabled = true;
  const answer = await post("submit", { user, view_id: entry.id, values });
  button.disabled = false;
  mistakes(byId("modal"), answer.errors || {});
}

// mistakes shows each complaint at its field.
function mistakes(dialog, errors) {
  for (const block of dialog.querySelectorAll("[data-block]")) {
    const text = errors[block.dataset.block] || "";
    const line = block.querySelector(".problem");
    if (line.textContent === text) continue;
    line.textContent = text;
    line.hidden = !text;
    block.querySelector("[data-action]")?.setAttribute("aria-invalid", Boolean(text));
  }
  dialog.querySelector("[aria-invalid=true]")?.focus();
}
