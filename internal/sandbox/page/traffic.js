// traffic.js: what passes between the workspace and the bot.

import { get } from "./ask.js";
import { byId, h, keyed } from "./dom.js";
import { beginFaults, showFaults } from "./faults.js";
import { page } from "./page.js";

const kept = 1000; // entries that can be searched
const most = 200; // entries that are shown

let entries = []; // newest first
let last = 0;

// followTraffic fetches what is new, while somebody looks.
export async function followTraffic() {
  if (!page.traffic) return;
  if (page.state.version < last) { // the workspace began anew
    entries = [];
    last = 0;
  }
  const fresh = (await get(`traffic?after=${last}`)).entries;
  last = fresh.at(-1)?.n ?? last;
  entries = [...fresh.reverse(), ...entries].slice(0, kept);
}

export function showTraffic() {
  byId("traffic").hidden = !page.traffic;
  byId("show-traffic").setAttribute("aria-expanded", page.traffic);
  const faults = page.state.faults || [];
  byId("show-traffic").textContent = faults.length ? `Traffic (${faults.length} ${faults.length === 1 ? "fault" : "faults"})` : "Traffic";
  if (!page.traffic) return;
  showFaults(faults);
  const fits = filter();
  const found = entries.filter(fits);
  keyed(byId("entries"), found.slice(0, most).map((e) => ({ key: String(e.n), rev: "", make: () => row(e) })));
  byId("found").textContent = found.length > most ? `The newest ${most} of ${found.length}` : `${found.length} of ${entries.length}`;
}

const kindNames = { api: "Web API", envelope: "envelope", ack: "ack", response: "response URL", socket: "socket" };

function filter() {
  const form = byId("traffic-form").elements;
  const words = form.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  return (e) => (!form.kind.value || e.kind === form.kind.value) && (!form.failed.checked || !e.ok || e.fault)
    && words.every((w) => searched(e).includes(w));
}

const texts = new WeakMap();

// searched is all that an entry says, in lower case.
function searched(e) {
  if (!texts.has(e)) texts.set(e, [kindNames[e.kind] || e.kind, e.name, gist(e), verdict(e), e.fault, JSON.stringify(e.detail)].join(" ").toLowerCase());
  return texts.get(e);
}

const duration = (ms) => (ms >= 100 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`);

const verdict = (e) => (e.ok ? (e.kind === "envelope" ? "sent" : "ok") : e.error || "failed");

// gist is what an envelope is about: the command, the button, the form, the event.
function gist(e) {
  const p = e.detail?.payload;
  if (e.kind !== "envelope" || !p) return "";
  if (p.command) return `${p.command} ${p.text}`;
  return [p.type, p.event?.type, p.actions?.[0]?.action_id, p.view?.callback_id, p.callback_id].filter(Boolean).join(" ");
}

// struck is the fault that struck, where the verdict does not tell already.
const struck = (e) => (e.fault && e.fault !== e.error ? e.fault : "");

function row(e) {
  const detail = h("pre", { tabindex: 0, "aria-label": "Content" });
  const open = (event) => {
    if (event.target.open && !detail.textContent) detail.textContent = JSON.stringify(e.detail ?? null, null, 2);
  };
  return h("li", {}, h("details", { ontoggle: open },
    h("summary", {},
      h("time", { class: "quiet", datetime: e.at }, new Date(e.at).toLocaleTimeString("en-GB")),
      h("span", { class: "tag" }, kindNames[e.kind] || e.kind),
      h("span", { class: "what" }, e.name.split(/(?<=[._])/).flatMap((part) => [part, h("wbr")])),
      h("span", { class: "verdict" },
        h("span", { class: e.ok ? "good" : "bad" }, verdict(e)),
        e.ms > 0 && h("span", { class: "quiet" }, " ", duration(e.ms))),
      (gist(e) || struck(e)) && h("span", { class: "gist quiet" }, gist(e), " ", struck(e) && h("span", { class: "bad" }, struck(e)))),
    detail));
}

export function beginTraffic() {
  const toggle = (on) => {
    page.traffic = on;
    if (on) page.thread = "";
    page.look().then(() => byId(on ? "words" : "show-traffic").focus());
  };
  byId("show-traffic").addEventListener("click", () => toggle(!page.traffic));
  byId("close-traffic").addEventListener("click", () => toggle(false));
  byId("traffic").addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.defaultPrevented) toggle(false); });
  beginFaults();
  byId("traffic-form").addEventListener("input", showTraffic);
  byId("traffic-form").addEventListener("submit", (e) => e.preventDefault());
}
