// faults.js: what is made to go wrong between the workspace and the bot.

import { post, remove, tell } from "./ask.js";
import { byId, h, keyed } from "./dom.js";
import { page } from "./page.js";

// The kinds, by what a fault of that kind may be narrowed to.
const kinds = {
  method: {
    rate_limited: "Calls get 429",
    http_500: "Calls get 500",
    http_503: "Calls get 503",
    not_json: "Calls get a page of HTML",
    never: "Calls get no answer",
    late: "Calls are answered late",
    drop_reply: "Calls are done, and the answer is lost",
  },
  "": {
    socket_cut: "The socket breaks",
    socket_silent: "The socket falls silent",
    socket_refresh: "The socket is to be refreshed",
    socket_link_disabled: "Socket Mode is switched off",
    socket_refused: "No socket opens",
    socket_too_many: "There are too many sockets",
  },
  envelope: {
    envelope_twice: "Envelopes come two times",
    envelope_late: "Envelopes come late",
    envelope_out_of_order: "Envelopes come out of order",
  },
};

const groupNames = { method: "Web API", "": "Sockets", envelope: "Envelopes" };
const examples = { method: "any method", "": "", envelope: "any type" };
const narrowed = (kind) => Object.keys(kinds).find((of) => kind in kinds[of]);

// showFaults lists what is set to go wrong, and how often it has struck.
export function showFaults(faults) {
  byId("faults").hidden = !faults.length;
  const all = { key: "all", rev: "", make: () => h("li", {}, h("strong", {}, "Set to go wrong"), clear("", "Clear all", "Clear all faults")) };
  keyed(byId("faults"), [all, ...faults.map((f) => ({ key: f.id, rev: JSON.stringify(f), make: () => h("li", {},
    h("span", {}, h("strong", {}, f.kind), " ", f.method || f.envelope, h("span", { class: "quiet" }, " ", strikes(f))),
    clear(f.id, "Clear", `Clear ${f.kind}`)) }))]);
}

const clear = (id, face, label) => h("button", {
  type: "button", "aria-label": label,
  onclick: () => remove(`faults/${id}`.replace(/\/$/, "")).then(page.look, (err) => tell(err.message)),
}, face);

const times = (n) => (n === 1 ? "once" : `${n} times`);

const strikes = (f) => [
  f.share < 1 && `strikes ${Math.round(f.share * 100)} of 100`,
  f.count ? `struck ${f.struck} of ${f.count}` : `struck ${times(f.struck)}, until it is cleared`,
].filter(Boolean).join(", ");

// beginFaults brings the form to life by which a fault is set.
export function beginFaults() {
  const form = byId("fault-form"), { kind, of, count } = form.elements;
  kind.append(...Object.entries(kinds).map(([of, inside]) => h("optgroup", { label: groupNames[of] },
    Object.entries(inside).map(([value, label]) => h("option", { value }, label)))));
  const fit = () => {
    of.disabled = !narrowed(kind.value);
    of.placeholder = examples[narrowed(kind.value)];
  };
  kind.addEventListener("change", fit);
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const to = narrowed(kind.value);
    await post("faults", { kind: kind.value, count: Number(count.value), ...(to && of.value.trim() ? { [to]: of.value.trim() } : {}) });
  });
  fit();
}
