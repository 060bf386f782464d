// head.js: what stands over a channel's messages.

import { post } from "./ask.js";
import { byId, h, keyed } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { bot, me, names, page, room } from "./page.js";

export function showHead() {
  const c = room(), pinned = page.messages.filter((m) => m.pinned);
  const rev = JSON.stringify([page.home, c, pinned, me().id]);
  keyed(byId("head"), [{ key: page.room, rev, make: () => (page.home || !c
    ? h("div", {}, h("h2", {}, page.state.app + " home"))
    : channel(c, pinned)) }]);
}

function channel(c, pinned) {
  return h("div", {},
    h("h2", {}, c.is_im ? bot().real_name : "# " + c.name,
      c.is_private && !c.is_im && h("span", { class: "tag" }, "private"),
      c.is_archived && h("span", { class: "tag" }, "archived"),
      !c.is_im && h("span", { class: "quiet count" }, `${c.members.length} members`)),
    (c.topic || c.purpose) && h("p", { class: "topic" }, mrkdwn(c.topic || c.purpose, names)),
    c.bookmarks.length > 0 && h("p", { class: "links" }, h("span", { class: "quiet" }, "Links: "),
      c.bookmarks.map((b) => h("a", { href: b.link, target: "_blank", rel: "noopener" }, b.title))),
    pinned.length > 0 && h("p", { class: "links" }, h("span", { class: "quiet" }, "Pinned: "), pinned.map(pin)),
    !c.members.includes(me().id) && h("p", {}, h("button", {
      type: "button", class: "primary", onclick: () => post("join", { user: me().id, channel: c.id }),
    }, "Join this channel")));
}

// pin leads to a pinned message.
function pin(m) {
  const go = (e) => {
    e.preventDefault();
    const at = document.getElementById("m" + m.ts);
    at?.scrollIntoView({ block: "center" });
    at?.focus();
  };
  return h("a", { href: "#m" + m.ts, onclick: go }, plain(m.text).split("\n")[0].slice(0, 90));
}
