// log.js: a channel's messages, its threads, and the app's Home.

import { blocks } from "./blocks.js";
import { byId, h, keyed } from "./dom.js";
import { follows, item } from "./message.js";
import { press } from "./modal.js";
import { context, mayWrite, me, page, room } from "./page.js";
import { firstUnread, unread } from "./unread.js";

let place = ""; // whose view of which channel is shown
let fresh = ""; // ts of the first message that was unread when it was opened
let newest = ""; // ts of the last message that is shown

export const toEnd = (log) => { log.scrollTop = log.scrollHeight; };
const isLow = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

// showLog shows the channel: from what is new, or from its end, to which it keeps
// where the reader was there. To who reads further up it offers the way down.
export function showLog() {
  const log = byId("messages"), c = room();
  const here = me().id + page.room;
  const low = isLow(log);
  const switched = here !== place;
  if (switched) fresh = unread(c) > 0 ? firstUnread(c, page.messages) : "";
  place = here;
  const items = page.messages.filter((m) => !m.parent_user_id || m.broadcast || m.subtype === "thread_broadcast")
    .flatMap((m, i, all) => {
      const lines = dividers(m, all[i - 1]);
      return [...lines, item(m, openThread, !lines.length && follows(m, all[i - 1]))];
    });
  const changed = keyed(log, items.length ? items : [{ key: "empty", rev: "", make: () => h("p", { class: "quiet empty" }, "Nothing here yet.") }]);
  const last = page.messages.at(-1), grew = last && last.ts !== newest;
  newest = last?.ts || "";
  if (switched || (changed && low) || (grew && last.user === me().id)) toEnd(log);
  if (switched) log.querySelector(".divider.new")?.scrollIntoView({ block: "start" });
  if (switched || isLow(log)) byId("latest").hidden = true;
  else if (grew) byId("latest").hidden = false;
}

const days = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const dayOf = (m) => days.format(Number(m.ts) * 1000);

// dividers stand before the first message of a day, and before the first new one.
function dividers(m, before) {
  const line = (key, text) => ({ key, rev: text, make: () => h("p", { class: "divider " + key.split("-")[0] }, h("span", {}, text)) });
  return [
    ...(!before || dayOf(m) !== dayOf(before) ? [line("day-" + m.ts, dayOf(m))] : []),
    ...(m.ts === fresh ? [line("new-" + m.ts, "New")] : []),
  ];
}

export function openThread(ts) {
  page.thread = ts;
  page.traffic = false;
  page.look().then(() => byId("thread-composer").focus());
}

export function closeThread() {
  const from = document.getElementById("m" + page.thread);
  page.thread = "";
  page.look().then(() => (from?.isConnected ? from : byId("composer")).focus());
}

export function showThread() {
  const parent = page.messages.find((m) => m.ts === page.thread);
  if (!parent) page.thread = "";
  byId("thread").hidden = !page.thread;
  if (!page.thread) return;
  byId("thread-form").hidden = !mayWrite();
  const log = byId("thread-log");
  const items = page.messages.filter((m) => m === parent || m.thread_ts === page.thread && m.parent_user_id)
    .map((m, i, all) => item(m, null, i > 1 && follows(m, all[i - 1])));
  const low = isLow(log), switched = log.dataset.of !== page.thread;
  log.dataset.of = page.thread;
  if (keyed(log, items) && (low || switched)) toEnd(log);
}

export function showHome() {
  place = "";
  byId("latest").hidden = true;
  const v = page.state.views.find((x) => x.type === "home" && x.user === me().id);
  keyed(byId("messages"), [{ key: "home", rev: me().id + JSON.stringify(v || ""), make: () => h("div", { class: "home" },
    v ? blocks(v.view.blocks, { ...context(), id: v.id, entered: v.view.state.values, act: press(v, me().id, byId("messages")) })
      : h("p", { class: "quiet empty" }, "The app has published nothing here.")) }]);
}

// beginLog has the way down be offered only while there is one. Who was at the
// end stays there when there is less room, as for a longer text below.
export function beginLog() {
  const log = byId("messages");
  let low = true;
  log.addEventListener("scroll", () => {
    low = isLow(log);
    if (low) byId("latest").hidden = true;
  });
  new ResizeObserver(() => { if (low) toEnd(log); }).observe(log);
  byId("latest").addEventListener("click", () => {
    toEnd(log);
    log.focus();
  });
  walkable(log);
  walkable(byId("thread-log"));
}

// walkable lets the arrow keys go from message to message.
function walkable(log) {
  log.addEventListener("keydown", (e) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[e.key];
    const at = e.target === log ? null : e.target.closest("article");
    if (!step || (at !== e.target && e.target !== log)) return; // within a message the keys are its own
    const all = [...log.querySelectorAll("article")];
    const to = at ? all[all.indexOf(at) + step] : all.at(-1);
    if (!to) return;
    e.preventDefault();
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  });
}
