// sidebar.js: the channels and the app, as the acted-as person sees them.

import { byId, glyph, h, keyed } from "./dom.js";
import { bot, me, page, sees } from "./page.js";
import { unread } from "./unread.js";

export function showSidebar() {
  const rooms = page.state.channels.filter((c) => !c.is_im && sees(c)).sort((a, b) => a.name.localeCompare(b.name));
  const live = rooms.filter((c) => !c.is_archived), old = rooms.filter((c) => c.is_archived);
  const here = (c) => link(c.id, c.name, c, c.id === page.room);
  const title = (text) => ({ key: text, rev: "", make: () => h("h2", {}, text) });
  keyed(byId("sidebar"), [
    title("Channels"), ...live.map(here),
    title("Apps"), app(),
    ...(old.length ? [title("Archived"), ...old.map(here)] : []),
  ]);
}

// app leads to the app: to its Home, if it has one and has said nothing new.
function app() {
  const dm = page.state.channels.find((c) => c.is_im && c.user === me().id);
  const home = page.state.home_tab && !(dm && unread(dm));
  return link(home ? "home" : "app", bot().real_name, dm, dm && page.room === dm.id, "app");
}

function link(to, name, c, current, key = to) {
  const outside = c && !c.members.includes(me().id);
  const fresh = c && !outside && !c.is_archived && (!current || page.home) ? unread(c) : 0;
  const sign = key === "app" ? "●" : c.is_private ? glyph("lock") : "#";
  return {
    key, rev: [to, name, current, fresh, outside, c?.is_archived].join(),
    make: () => h("a", {
      href: "#" + to, "aria-current": current ? "page" : null, title: name,
      class: [c?.is_archived && "archived", outside && "outside", fresh && "unread"].filter(Boolean).join(" "),
    }, h("span", { class: "mark", "aria-hidden": "true" }, sign), h("span", { class: "name" }, name),
    c?.is_private && !c.is_im && h("span", { class: "hidden" }, " private"),
    outside && h("span", { class: "hidden" }, " not joined"),
    fresh > 0 && h("span", { class: "badge" }, fresh > 99 ? "99+" : fresh, h("span", { class: "hidden" }, " unread"))),
  };
}
