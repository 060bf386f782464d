// log.js: a channel's messages, its threads, and the app's Home.

import { post } from "./ask.js";
import { blocks } from "./blocks.js";
import { byId, h, keyed } from "./dom.js";
import { item } from "./message.js";
import { context, mayWrite, me, page, room } from "./page.js";
import { firstUnread, unread } from "./unread.js";

let place = ""; // whose view of which channel is shown
let fresh = ""; // ts of the first message that was unread when it was opened

// showLog shows the channel, and keeps to its end where the reader was there.
export function showLog() {
  const log = byId("messages"), c = room();
  const here = me().id + page.room;
  const low = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const switched = here !== place;
  if (switched) fresh = unread(c) > 0 ? firstUnread(c, page.messages) : "";
  place = here;
  const items = page.messages.filter((m) => !m.parent_user_id || m.broadcast || m.subtype === "thread_broadcast")
    .flatMap((m, i, all) => [...dividers(m, all[i - 1]), item(m, openThread)]);
  const changed = keyed(log, items.length ? items : [{ key: "empty", rev: "", make: () => h("p", { class: "quiet empty" }, "Nothing here yet.") }]);
  if (switched || (changed && low)) log.scrollTop = log.scrollHeight;
}

const dayOf = (m) => new Date(Number(m.ts) * 1000).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });

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
  const items = page.messages.filter((m) => m === parent || m.thread_ts === page.thread && m.parent_user_id).map((m) => item(m));
  if (keyed(log, items)) log.scrollTop = log.scrollHeight;
}

export function showHome() {
  place = "";
  const v = page.state.views.find((x) => x.type === "home" && x.user === me().id);
  const act = (e, b, value) => post("click", { user: me().id, view_id: v.id, block_id: b.block_id, action_id: e.action_id, value });
  keyed(byId("messages"), [{ key: "home", rev: me().id + JSON.stringify(v || ""), make: () => h("div", { class: "home" },
    v ? blocks(v.view.blocks, { ...context(), entered: v.view.state.values, act })
      : h("p", { class: "quiet empty" }, "The app has published nothing here.")) }]);
}

// walkable lets the arrow keys go from message to message.
export function walkable(log) {
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
