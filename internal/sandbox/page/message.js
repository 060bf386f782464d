// message.js: one message, and what a person can do with it.

import { post } from "./ask.js";
import { attachments } from "./attachments.js";
import { blocks } from "./blocks.js";
import { glyph, h } from "./dom.js";
import { emoji } from "./emoji.js";
import { mrkdwn, note } from "./mrkdwn.js";
import { context, mayAct, me, nameOf, names, now, page, room } from "./page.js";
import { menu } from "./popup.js";

const times = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
export const clockTime = (ts) => times.format(Number(ts) * 1000);

// item is a message for keyed. open opens its thread, where it has a place for
// one; follows tells that it goes on from the message above it. What it says of
// "today" holds for a day.
export const item = (m, open, follows = false) => ({
  key: m.ts, rev: [me().id, mayAct(), follows, new Date(now()).toDateString(), page.state.channels.length, JSON.stringify(m)].join(), make: () => message(m, open, follows),
});

const goesOn = 300; // seconds within which a person's messages stand together

// follows tells whether a message goes on from the one before it. One with blocks
// stands for itself.
export const follows = (m, before) => Boolean(before && m.user === before.user && !m.blocks?.length && !m.subtype && !before.subtype
  && !m.edited && !m.ephemeral_to && !before.ephemeral_to && !m.pinned && !m.parent_user_id === !before.parent_user_id
  && m.ts - before.ts < goesOn);

function message(m, open, follows) {
  const who = page.state.users.find((u) => u.id === m.user);
  const name = nameOf(m.user);
  if (/^channel_/.test(m.subtype || "")) {
    return h("p", { class: "system quiet", id: "m" + m.ts }, h("time", {}, clockTime(m.ts)), " ",
      m.text.startsWith("<@") ? null : name + " ", note(m.text, names));
  }
  const kinds = [m.ephemeral_to && "ephemeral", m.pinned && "is-pinned", follows && "follows"].filter(Boolean).join(" ");
  return h("article", { id: (open ? "m" : "t") + m.ts, class: kinds, tabindex: -1, "aria-label": `${name}, ${clockTime(m.ts)}` },
    follows ? h("time", { class: "quiet" }, clockTime(m.ts)) : avatar(who, name),
    h("div", { class: "content" }, over(m), !follows && byline(m, who, name), said(m, open), reactions(m), open && replies(m, open)),
    !m.ephemeral_to && mayAct() && tools(m, open));
}

// over is what stands above a message that is not like any other.
function over(m) {
  if (m.ephemeral_to) return h("p", { class: "over" }, glyph("eye"), " Only visible to you");
  if (!m.pinned) return null;
  const by = room()?.pins.find((p) => p.ts === m.ts)?.by;
  return h("p", { class: "over" }, glyph("pin"), by ? ` Pinned by ${nameOf(by)}` : " Pinned");
}

const tones = 6; // of people's avatars; tone 0 is the app's

// avatar is a picture of somebody: the initials, in a colour of their own.
function avatar(who, name) {
  const tone = !who || who.is_bot ? 0 : 1 + page.state.users.indexOf(who) % tones;
  return h("div", { class: `avatar tone-${tone}`, "aria-hidden": "true" }, name.split(" ").map((w) => w[0]).join("").slice(0, 2));
}

function byline(m, who, name) {
  return h("header", {}, h("strong", {}, name), m.bot_id && h("span", { class: "tag" }, "APP"),
    who?.title && !who.is_bot && h("span", { class: "quiet" }, who.title),
    h("time", { class: "quiet", title: new Date(Number(m.ts) * 1000).toString() }, clockTime(m.ts)),
    m.edited && h("span", { class: "quiet" }, "(edited)"));
}

// said is what a message says, in the channel or in its thread.
function said(m, open) {
  const ctx = { ...context(), id: (open ? "m" : "t") + m.ts, act: (e, b, value) => press(m, e, b, value) };
  return h("div", {}, m.blocks?.length ? blocks(m.blocks, ctx) : mrkdwn(m.text, names), attachments(m.attachments, ctx));
}

const press = (m, e, b, value) =>
  post("click", { user: me().id, channel: page.room, ts: m.ts, block_id: b.block_id, action_id: e.action_id, value });

const about = (m) => ({ user: me().id, channel: page.room, ts: m.ts });

const react = (m, name, remove = false) => post("reaction", { ...about(m), name, remove });

const offered = { white_check_mark: "Check mark", eyes: "Eyes", raised_hands: "Raised hands", "+1": "Thumbs up", tada: "Party" };

function reactions(m) {
  if (!m.reactions) return null;
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, m.reactions.map((r) => {
    const mine = r.users.includes(me().id);
    const by = r.users.map(names.user).join(", ");
    return h("button", {
      type: "button", disabled: !mayAct(), "aria-pressed": String(mine), title: by,
      "aria-label": `${r.name.replaceAll("_", " ")}, ${r.count}, by ${by}`,
      onclick: () => react(m, r.name, mine),
    }, `${emoji(r.name)} ${r.count}`);
  }));
}

// replies leads from a message to its thread.
function replies(m, open) {
  if (m.parent_user_id) return h("button", { type: "button", class: "replies", onclick: () => open(m.thread_ts) }, "Sent to the channel from a thread");
  if (!m.reply_count) return null;
  return h("button", { type: "button", class: "replies", onclick: () => open(m.ts) },
    m.reply_count === 1 ? "1 reply" : `${m.reply_count} replies`,
    h("span", { class: "quiet" }, `Last reply at ${clockTime(m.latest_reply)}`));
}

// tools are what a person can do with a message, apart from its own buttons.
function tools(m, open) {
  const taken = (name) => m.reactions?.some((r) => r.name === name && r.users.includes(me().id));
  return h("div", { class: "tools", role: "group", "aria-label": "Message actions" },
    open && h("button", { type: "button", class: "icon", "aria-label": "Reply in thread", title: "Reply in thread", onclick: () => open(m.thread_ts || m.ts) }, glyph("reply")),
    menu("More actions on this message", "⋮", () => [
      ...Object.entries(offered).filter(([name]) => !taken(name)).map(([name, words]) =>
        [`${emoji(name)} React: ${words}`, () => react(m, name)]),
      [m.pinned ? "Unpin from channel" : "Pin to channel", () => post("pin", { ...about(m), remove: m.pinned })],
      ...page.state.shortcuts.filter((s) => s.type === "message").map((s) =>
        [s.name, () => post("shortcut", { ...about(m), callback_id: s.callback_id })]),
    ]));
}
