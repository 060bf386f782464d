// head.js: what stands over a channel's messages, or over the app's tabs.

import { post } from "./ask.js";
import { byId, glyph, h, keyed } from "./dom.js";
import { link } from "./links.js";
import { note, plain } from "./mrkdwn.js";
import { bot, me, nameOf, names, page, room } from "./page.js";

export function showHead() {
  const c = room(), pinned = page.messages.filter((m) => m.pinned);
  document.title = `${c.is_im ? bot().real_name : "#" + c.name} - Sandbox`;
  const rev = JSON.stringify([page.home, c, pinned, me().id]);
  keyed(byId("head"), [{ key: page.room, rev, make: () => h("div", {},
    c.is_im ? app() : channel(c), links(c, pinned), entrance(c)) }]);
}

// app is the name of the app and, where it has a Home, its two tabs.
function app() {
  const tab = (to, label, current) => h("a", { href: "#" + to, "aria-current": current ? "page" : null }, label);
  return [
    h("h2", {}, h("span", { class: "title" }, bot().real_name), h("span", { class: "tag" }, "APP")),
    page.state.home_tab && h("nav", { class: "tabs", "aria-label": bot().real_name },
      tab("home", "Home", page.home), page.state.messages_tab !== "off" && tab("app", "Messages", !page.home)),
  ].filter(Boolean);
}

function channel(c) {
  const said = c.topic || c.purpose;
  return [
    h("h2", {},
      h("span", { class: "title" }, c.is_private ? glyph("lock") : "#", " ", c.name),
      c.is_private && h("span", { class: "hidden" }, "private"),
      c.is_archived && h("span", { class: "tag" }, "archived"),
      h("span", { class: "quiet", title: c.members.map(nameOf).join(", ") }, c.members.length === 1 ? "1 member" : `${c.members.length} members`)),
    said && h("p", { class: "topic", title: plain(said) }, note(said, names)),
  ].filter(Boolean);
}

// links lead to what is pinned, and to what is bookmarked.
const links = (c, pinned) => pinned.length + c.bookmarks.length > 0 && h("p", { class: "links" },
  pinned.map(pin),
  c.bookmarks.map((b) => link(b.link, b.emoji ? plain(b.emoji) : glyph("bookmark"), " ", b.title)));

// pin leads to a pinned message.
function pin(m) {
  const go = (e) => {
    e.preventDefault();
    const at = document.getElementById("m" + m.ts);
    at?.scrollIntoView({ block: "center" });
    at?.focus();
  };
  return h("a", { href: "#m" + m.ts, onclick: go }, glyph("pin"), h("span", { class: "hidden" }, "Pinned: "), plain(m.text).split("\n")[0].slice(0, 90));
}

const entrance = (c) => !c.members.includes(me().id) && !c.is_im && !c.is_archived && h("p", { class: "links" }, h("button", {
  type: "button", class: "primary", onclick: () => post("join", { user: me().id, channel: c.id }),
}, "Join this channel"));
