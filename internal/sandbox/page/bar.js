// bar.js: who acts, whether a bot is there, and the workspace's clock.

import { post } from "./ask.js";
import { byId, h } from "./dom.js";
import { me, now, page, people } from "./page.js";

export function showBar() {
  const list = byId("actor");
  if (list.options.length !== people().length) {
    list.replaceChildren(...people().map((u) => h("option", { value: u.id }, `${u.real_name}, ${u.title}`)));
  }
  list.value = me().id;
  const n = page.state.sockets;
  byId("bot").textContent = n ? "Bot connected" : "No bot connected";
  byId("bot").className = "bot " + (n ? "on" : "off");
}

const shownAs = (at, parts) => at.toLocaleString("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", ...parts });

export function showClock() {
  if (!page.state) return;
  const at = new Date(now());
  byId("now").dateTime = at.toISOString();
  byId("now").textContent = shownAs(at, { second: "2-digit" });
  if (byId("clock").ariaBusy === "true") return byId("due").replaceChildren("moving …");
  const next = page.next && new Date(page.next.at);
  byId("next").disabled = !next;
  if (!next) return byId("due").replaceChildren("nothing is due");
  byId("due").replaceChildren(
    h("span", { class: "what", title: page.next.what }, page.next.what), " ",
    h("span", {}, h("time", { datetime: next.toISOString() }, shownAs(next, { weekday: sameDay(at, next) ? undefined : "short" })),
      next > at ? `, in ${span(Math.round((next - at) / 1000))}` : ", now"));
}

const sameDay = (a, b) => a.toDateString() === b.toDateString();

function span(s) {
  const minutes = Math.round(s / 60);
  const hours = Math.floor(minutes / 60);
  if (hours) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return s >= 60 ? `${minutes} min` : `${s} s`;
}

let moving = Promise.resolve();

// advance moves the clock; what is pressed meanwhile follows, and nothing is lost.
function advance(by) {
  moving = moving.then(async () => {
    byId("clock").setAttribute("aria-busy", "true");
    showClock();
    const answer = await post("clock", { advance: by() });
    byId("clock").removeAttribute("aria-busy");
    if (answer.ok) hear(answer);
    showClock();
  });
}

// hear takes what the workspace says of its clock.
export function hear(clock) {
  page.lead = new Date(clock.now) - Date.now();
  page.next = clock.next;
}

// A little past the moment, as the clock itself may be read a little late.
const untilNext = () => Math.max(1, Math.ceil(new Date(page.next?.at ?? now()) - now()) + 50) + "ms";

export function beginClock() {
  byId("next").addEventListener("click", () => advance(untilNext));
  for (const b of document.querySelectorAll("[data-advance]")) b.addEventListener("click", () => advance(() => b.dataset.advance));
  setInterval(showClock, 1000);
}
