// main.js: what the page shows, and when it looks again.

import { byId, get, h, keyed, post, tell } from "./dom.js";
import { blocks } from "./blocks.js";
import { followClock, mrkdwn, plain } from "./mrkdwn.js";
import { showModal } from "./modal.js";

const page = { state: null, actor: remembered(), room: "", thread: "", home: false, lead: 0, next: null, seen: {} };

function remembered() {
  const asked = new URLSearchParams(location.search).get("as");
  try { return asked || localStorage.getItem("actor") || "oncall"; } catch { return asked || "oncall"; }
}

const now = () => Date.now() + page.lead;
followClock(now);

const me = () => page.state.users.find((u) => u.name === page.actor || u.id === page.actor) || page.state.users[0];
const bot = () => page.state.users.find((u) => u.is_bot);
const room = () => page.state.channels.find((c) => c.id === page.room);
const names = {
  user: (id) => (id === "USLACKBOT" ? "Slackbot" : page.state.users.find((u) => u.id === id)?.name || id),
  channel: (id) => page.state.channels.find((c) => c.id === id && sees(c))?.name || "private channel",
  group: (id) => page.state.usergroups.find((g) => g.id === id)?.handle || id,
};
const sees = (c) => c.members.includes(me().id) || (!c.is_private && !c.is_im);

const context = () => ({
  names, people: page.state.users.filter((u) => !u.is_bot), rooms: page.state.channels.filter((c) => !c.is_im && sees(c)),
});

// --- the sidebar ---

function showSidebar() {
  const rooms = page.state.channels.filter((c) => !c.is_im && sees(c)).sort((a, b) => a.name.localeCompare(b.name));
  const dm = page.state.channels.find((c) => c.is_im && c.user === me().id);
  const link = (id, label, c, current) => ({
    key: id, rev: [label, current, c && unread(c), c && !c.members.includes(me().id)].join(),
    make: () => h("a", {
      href: "#" + id, "aria-current": current ? "page" : null,
      class: [c?.is_archived && "archived", c && !c.members.includes(me().id) && "outside", c && unread(c) && "unread"].filter(Boolean).join(" "),
    }, label, c?.is_private && !c.is_im && h("span", { class: "tag" }, "private"), c && unread(c) ? h("span", { class: "hidden" }, " (unread)") : null),
  });
  const live = rooms.filter((c) => !c.is_archived), old = rooms.filter((c) => c.is_archived);
  const here = (c) => link(c.id, "# " + c.name, c, c.id === page.room && !page.home);
  const title = (text) => ({ key: text, rev: "", make: () => h("h2", {}, text) });
  keyed(byId("sidebar"), [
    title("Channels"), ...live.map(here),
    title("Apps"), link("app", bot().name + " (direct message)", dm, dm && page.room === dm.id && !page.home),
    ...(page.state.home_tab ? [link("home", page.state.app + " home", null, page.home)] : []),
    ...(old.length ? [title("Archived"), ...old.map(here)] : []),
  ]);
}

const unread = (c) => page.seen[c.id] !== undefined && c.messages > page.seen[c.id];

// --- the channel's head ---

function showHead(pinned) {
  const c = room();
  const rev = JSON.stringify([page.home, c, pinned]);
  keyed(byId("head"), [{ key: page.room, rev, make: () => {
    if (page.home || !c) return h("div", {}, h("h2", {}, page.home ? page.state.app + " home" : ""));
    const title = c.is_im ? bot().real_name : "# " + c.name;
    return h("div", {},
      h("h2", {}, title, c.is_private && !c.is_im && h("span", { class: "tag" }, "private"), c.is_archived && h("span", { class: "tag" }, "archived"),
        !c.is_im && h("span", { class: "quiet count" }, `${c.members.length} members`)),
      (c.topic || c.purpose) && h("p", { class: "topic" }, mrkdwn(c.topic || c.purpose, names)),
      c.bookmarks.length > 0 && h("p", {}, h("span", { class: "quiet" }, "Links: "), c.bookmarks.map((b) => h("a", { href: b.link, target: "_blank", rel: "noopener", class: "bookmark" }, b.title))),
      pinned && h("p", { class: "pinned" }, h("a", { href: "#m" + pinned.ts, onclick: (e) => { e.preventDefault(); document.getElementById("m" + pinned.ts)?.scrollIntoView({ block: "center" }); } },
        "Pinned: " + plain(pinned.text).split("\n")[0].slice(0, 90))),
      !c.members.includes(me().id) && h("p", {}, h("button", { type: "button", onclick: () => post("join", { user: me().id, channel: c.id }) }, "Join this channel")));
  } }]);
}

// --- messages ---

function showMessages(messages) {
  const replies = Map.groupBy(messages.filter((m) => m.parent_user_id), (m) => m.thread_ts);
  const top = messages.filter((m) => !m.parent_user_id);
  const items = top.flatMap((m) => [m, ...(replies.get(m.thread_ts) || [])]);
  const log = byId("messages");
  const low = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const switched = log.dataset.room !== page.room + me().id;
  log.dataset.room = page.room + me().id;
  const fresh = keyed(log, items.map((m) => ({ key: m.ts, rev: me().id + JSON.stringify(m), make: () => message(m) })));
  if (!items.length) log.replaceChildren(h("p", { class: "quiet empty" }, "Nothing here yet."));
  if (switched || (fresh && low)) log.scrollTop = log.scrollHeight;
}

const clockTime = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function message(m) {
  const who = page.state.users.find((u) => u.id === m.user);
  const name = m.user === "USLACKBOT" ? "Slackbot" : who?.real_name || m.user;
  if (/^channel_/.test(m.subtype || "")) {
    return h("p", { class: "system quiet", id: "m" + m.ts }, h("time", {}, clockTime(m.ts)), " ",
      m.text.startsWith("<@") ? null : name + " ", mrkdwn(m.text, names));
  }
  const said = m.blocks?.length
    ? blocks(m.blocks, { ...context(), act: (e, b, value) => press(m, e, b, value) })
    : h("div", {}, mrkdwn(m.text, names));
  return h("article", { id: "m" + m.ts, class: [m.ephemeral_to && "ephemeral", m.parent_user_id && "reply", m.pinned && "is-pinned"].filter(Boolean).join(" ") },
    h("div", { class: "avatar", "aria-hidden": "true" }, name.split(" ").map((w) => w[0]).join("")),
    h("div", { class: "content" },
      h("header", {}, h("strong", {}, name), m.bot_id && h("span", { class: "tag" }, "APP"),
        who?.title && !who.is_bot && h("span", { class: "quiet" }, who.title),
        h("time", { class: "quiet", title: new Date(Number(m.ts) * 1000).toString() }, clockTime(m.ts)),
        m.edited && h("span", { class: "quiet" }, "(edited)"), m.pinned && h("span", { class: "tag" }, "pinned"),
        m.ephemeral_to && h("span", { class: "quiet only" }, "Only visible to you")),
      said,
      m.reactions && h("p", { class: "reactions" }, m.reactions.map((r) => h("span", { class: "tag" }, `${plain(":" + r.name + ":")} ${r.count}`))),
      m.ephemeral_to ? null : tools(m)));
}

// tools are what a person can do with a message, apart from its own buttons.
function tools(m) {
  const deed = (label, path, more, title) => h("button", {
    type: "button", "aria-label": title, title,
    onclick: () => post(path, { user: me().id, channel: page.room, ts: m.ts, ...more }),
  }, label);
  return h("div", { class: "tools", role: "group", "aria-label": "Message actions" },
    !m.parent_user_id && h("button", { type: "button", onclick: () => { page.thread = m.ts; showThread(); byId("composer").focus(); } }, "Reply"),
    deed("👀", "reaction", { name: "eyes" }, "React with eyes"),
    deed("✅", "reaction", { name: "white_check_mark" }, "React with a check mark"),
    !m.pinned && deed("Pin", "pin"),
    page.state.shortcuts.filter((s) => s.type === "message").map((s) => deed(s.name, "shortcut", { callback_id: s.callback_id })));
}

const press = (m, e, b, value) =>
  post("click", { user: me().id, channel: page.room, ts: m.ts, block_id: b.block_id, action_id: e.action_id, value });

function showHome() {
  const v = page.state.views.find((x) => x.type === "home" && x.user === me().id);
  keyed(byId("messages"), [{ key: "home", rev: me().id + JSON.stringify(v || ""), make: () => h("div", { class: "home" },
    v ? blocks(v.view.blocks, { ...context(), entered: v.view.state.values, act: (e, b, value) => post("click", { user: me().id, view_id: v.id, block_id: b.block_id, action_id: e.action_id, value }) })
      : h("p", { class: "quiet empty" }, "The app has published nothing here.")) }]);
}

// --- the composer ---

function showThread() { byId("thread").hidden = !page.thread; }

async function send() {
  const box = byId("composer"), text = box.value.trim();
  if (!text) return;
  const body = { user: me().id, channel: page.room };
  const [command, rest] = text.split(/\s(.*)/s);
  const known = page.state.commands.some((c) => c.command === command);
  if (text.startsWith("/") && !known) {
    tell(`${command} is not a command here. This app has ${page.state.commands.map((c) => c.command).join(", ")}.`);
    return;
  }
  box.value = "";
  if (known) await post("command", { ...body, command, text: rest || "" });
  else await post("message", { ...body, text, ...(page.thread ? { thread_ts: page.thread } : {}) });
}

function showComposer() {
  const c = room(), box = byId("composer");
  const open = !page.home && c && c.members.includes(me().id) && !c.is_archived;
  byId("composer-form").hidden = !open;
  const hints = page.state.commands.map((k) => `${k.command} ${k.usage_hint || ""}`.trim()).join(", ");
  box.placeholder = c ? `Message ${c.is_im ? bot().name : "#" + c.name}, or type ${hints}` : "";
}

// --- the bar ---

function showBar() {
  const list = byId("actor"), people = page.state.users.filter((u) => !u.is_bot);
  if (list.options.length !== people.length) {
    list.replaceChildren(...people.map((u) => h("option", { value: u.id }, `${u.real_name}, ${u.title}`)));
  }
  list.value = me().id;
  const n = page.state.sockets;
  byId("bot").textContent = n ? "Bot connected" : "No bot connected";
  byId("bot").className = "bot " + (n ? "on" : "off");
}

function showClock() {
  if (!page.state) return;
  const at = new Date(now());
  byId("now").dateTime = at.toISOString();
  byId("now").textContent = at.toLocaleString("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const left = page.next ? Math.round((new Date(page.next) - at) / 1000) : null;
  const span = left >= 3600 ? `${Math.floor(left / 3600)} h ${Math.floor((left % 3600) / 60)} min` : left >= 60 ? `${Math.floor(left / 60)} min` : `${Math.max(left, 0)} s`;
  byId("due").textContent = left === null ? "" : `next due in ${span}`;
  byId("next").disabled = left === null;
}

async function advance(by) {
  const buttons = document.querySelectorAll(".clock button");
  buttons.forEach((b) => { b.disabled = true; });
  await post("clock", { advance: by });
  buttons.forEach((b) => { b.disabled = false; });
}

// --- the loop ---

async function locate() {
  const want = location.hash.slice(1);
  page.home = want === "home";
  const c = page.state.channels.find((x) => x.id === want && (sees(x)));
  if (c) page.room = c.id;
  else if (want === "app" || page.home) page.room = (await get(`messages?channel=${bot().id}&viewer=${me().id}`)).channel;
  else page.room = page.state.channels.find((x) => x.name === "incidents" && sees(x))?.id || page.state.channels.find(sees).id;
}

async function refresh() {
  page.state = await get("state");
  const clock = await get("clock");
  page.lead = new Date(clock.now) - Date.now();
  page.next = clock.next;
  for (const c of page.state.channels) page.seen[c.id] ??= c.messages;
  await locate();
  if (!room()) page.state = await get("state"); // a direct message was just opened
  const { messages } = page.home ? { messages: [] } : await get(`messages?channel=${page.room}&viewer=${me().id}`);
  await released;
  if (room()) page.seen[page.room] = room().messages;
  showBar();
  showSidebar();
  showHead(messages.findLast((m) => m.pinned));
  if (page.home) showHome();
  else showMessages(messages);
  showComposer();
  showClock();
  showModal(page.state.views.findLast((v) => v.type === "modal" && v.user === me().id), me().id, context());
}

// A button or a link that is replaced while it is being pressed loses its
// click, so nothing is shown anew between pointerdown and pointerup.
let released = Promise.resolve();
addEventListener("pointerdown", () => {
  released = new Promise((done) => {
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(done), { once: true });
  });
}, true);

let asked = Promise.resolve();
// look refreshes the page after the refresh that is under way, never beside it.
const look = () => (asked = asked.then(refresh, refresh));

async function follow() {
  for (;;) {
    try {
      await look();
      await get(`wait?after=${page.state.version}`);
      document.body.classList.remove("away");
    } catch {
      document.body.classList.add("away");
      await new Promise((again) => setTimeout(again, 1000));
    }
  }
}

byId("actor").addEventListener("change", (e) => {
  page.actor = e.target.value;
  page.thread = "";
  try { localStorage.setItem("actor", page.actor); } catch { /* private windows forget */ }
  showThread();
  look();
});
byId("composer-form").addEventListener("submit", (e) => { e.preventDefault(); send(); });
byId("composer").addEventListener("keydown", (e) => {
  if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); send(); }
});
byId("leave-thread").addEventListener("click", () => { page.thread = ""; showThread(); });
byId("next").addEventListener("click", () => advance(Math.max(1, Math.ceil(new Date(page.next) - now()) + 50) + "ms"));
for (const b of document.querySelectorAll("[data-advance]")) b.addEventListener("click", () => advance(b.dataset.advance));
window.addEventListener("hashchange", async () => {
  page.thread = "";
  showThread();
  tell("");
  if (location.hash === "#home") await post("home", { user: me().id });
  look();
});
setInterval(showClock, 1000);
follow();
