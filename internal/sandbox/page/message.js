// message.js: one message, and what a person can do with it.

import { post } from "./ask.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { context, mayWrite, me, names, page } from "./page.js";
import { menu } from "./popup.js";

export const clockTime = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

// item is a message for keyed; open opens its thread, where it has a place for one.
export const item = (m, open) => ({
  key: m.ts, rev: me().id + mayWrite() + page.state.channels.length + JSON.stringify(m), make: () => message(m, open),
});

function message(m, open) {
  const who = page.state.users.find((u) => u.id === m.user);
  const name = m.user === "USLACKBOT" ? "Slackbot" : who?.real_name || m.user;
  if (/^channel_/.test(m.subtype || "")) {
    return h("p", { class: "system quiet", id: "m" + m.ts }, h("time", {}, clockTime(m.ts)), " ",
      m.text.startsWith("<@") ? null : name + " ", mrkdwn(m.text, names));
  }
  const kinds = [m.ephemeral_to && "ephemeral", m.pinned && "is-pinned"].filter(Boolean).join(" ");
  return h("article", { id: (open ? "m" : "t") + m.ts, class: kinds, tabindex: -1, "aria-label": `${name}, ${clockTime(m.ts)}` },
    h("div", { class: "avatar", "aria-hidden": "true" }, name.split(" ").map((w) => w[0]).join("").slice(0, 2)),
    h("div", { class: "content" }, byline(m, who, name), said(m), reactions(m), open && replies(m, open)),
    !m.ephemeral_to && mayWrite() && tools(m, open));
}

function byline(m, who, name) {
  return h("header", {}, h("strong", {}, name), m.bot_id && h("span", { class: "tag" }, "APP"),
    who?.title && !who.is_bot && h("span", { class: "quiet" }, who.title),
    h("time", { class: "quiet", title: new Date(Number(m.ts) * 1000).toString() }, clockTime(m.ts)),
    m.edited && h("span", { class: "quiet" }, "(edited)"),
    m.pinned && h("span", { class: "tag" }, "pinned"),
    m.ephemeral_to && h("span", { class: "quiet only" }, "Only visible to you"));
}

const said = (m) => (m.blocks?.length
  ? h("div", {}, blocks(m.blocks, { ...context(), act: (e, b, value) => press(m, e, b, value) }))
  : h("div", {}, mrkdwn(m.text, names)));

const press = (m, e, b, value) =>
  post("click", { user: me().id, channel: page.room, ts: m.ts, block_id: b.block_id, action_id: e.action_id, value });

const about = (m) => ({ user: me().id, channel: page.room, ts: m.ts });

const react = (m, name) => post("reaction", { ...about(m), name });

const offered = { eyes: "Eyes", white_check_mark: "Check mark", thumbsup: "Thumbs up", tada: "Party" };

function reactions(m) {
  if (!m.reactions) return null;
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, m.reactions.map((r) => {
    const mine = r.users.includes(me().id);
    const by = r.users.map(names.user).join(", ");
    return h("button", {
      type: "button", disabled: mine || !mayWrite(), title: by, "aria-label": `${r.name.replaceAll("_", " ")}, ${r.count}, by ${by}`,
      onclick: () => react(m, r.name),
    }, `${plain(":" + r.name + ":")} ${r.count}`);
  }));
}

// replies leads from a message to its thread.
function replies(m, open) {
  if (m.parent_user_id) return h("button", { type: "button", class: "replies", onclick: () => open(m.thread_ts) }, "Sent to the channel from a thread");
  if (!m.reply_count) return null;
  return h("button", { type: "button", class: "replies", onclick: () => open(m.ts) },
    m.reply_count === 1 ? "1 reply" : `${m.reply_count} replies`,
    h("span", { class: "quiet" }, `last at ${clockTime(m.latest_reply)}`));
}

// tools are what a person can do with a message, apart from its own buttons.
function tools(m, open) {
  const taken = (name) => m.reactions?.some((r) => r.name === name && r.users.includes(me().id));
  return h("div", { class: "tools", role: "group", "aria-label": "Message actions" },
    open && h("button", { type: "button", class: "icon", onclick: () => open(m.thread_ts || m.ts) }, "Reply"),
    menu("More actions on this message", "⋮", () => [
      ...Object.entries(offered).filter(([name]) => !taken(name)).map(([name, words]) =>
        [`${plain(`:${name}:`)} React: ${words}`, () => react(m, name)]),
      ...(m.pinned ? [] : [["Pin to channel", () => post("pin", about(m))]]),
      ...page.state.shortcuts.filter((s) => s.type === "message").map((s) =>
        [s.name, () => post("shortcut", { ...about(m), callback_id: s.callback_id })]),
    ]));
}
