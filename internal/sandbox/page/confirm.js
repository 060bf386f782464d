// confirm.js: asking before something that wants to be asked for.

import { byId, h } from "./dom.js";
import { plain } from "./mrkdwn.js";

// confirmed resolves to what the person answers to a confirm object; without
// one there is nothing to ask. text shows its text.
export function confirmed(c, text) {
  if (!c) return Promise.resolve(true);
  const dialog = byId("confirm");
  return new Promise((resolve) => {
    const close = (yes) => () => { dialog.close(); resolve(yes); };
    dialog.replaceChildren(
      h("h2", { id: "confirm-title" }, plain(c.title.text)),
      h("p", { id: "confirm-text" }, text(c.text)),
      h("footer", {},
        h("button", { type: "button", onclick: close(false) }, plain(c.deny.text)),
        h("button", { type: "button", class: c.style || "primary", onclick: close(true) }, plain(c.confirm.text))),
    );
    dialog.oncancel = close(false);
    dialog.showModal();
  });
}
