// sidebar.js: the channels and the app, as the acted-as person sees them.

import { byId, h, keyed } from "./dom.js";
import { bot, me, page, sees } from "./page.js";
import { unread } from "./unread.js";

export function showSidebar() {
  const rooms = page.state.channels.filter((c) => !c.is_im && sees(c)).sort((a, b) => a.name.localeCompare(b.name));
  const dm = page.state.channels.find((c) => c.is_im && c.user === me().id);
  const live = rooms.filter((c) => !c.is_archived), old = rooms.filter((c) => c.is_archived);
  const here = (c) => link(c.id, "# " + c.name, c, c.id === page.room && !page.home);
  const title = (text) => ({ key: text, rev: "", make: () => h("h2", {}, text) });
  keyed(byId("sidebar"), [
    title("Channels"), ...live.map(here),
    title("Apps"), link("app", bot().real_name, dm, dm && page.room === dm.id && !page.home),
    ...(page.state.home_tab ? [link("home", page.state.app + " home", null, page.home)] : []),
    ...(old.length ? [title("Archived"), ...old.map(here)] : []),
  ]);
}

function link(id, label, c, current) {
  const fresh = c && !c.is_archived && !current ? unread(c) : 0;
  const outside = c && !c.members.includes(me().id);
  return {
    key: id, rev: [label, current, fresh, outside, c?.is_archived].join(),
    make: () => h("a", {
      href: "#" + id, "aria-current": current ? "page" : null,
      class: [c?.is_archived && "archived", outside && "outside", fresh && "unread"].filter(Boolean).join(" "),
    }, h("span", { class: "name" }, label),
    c?.is_private && !c.is_im && h("span", { class: "tag" }, "private"),
    fresh > 0 && h("span", { class: "badge" }, fresh > 99 ? "99+" : fresh, h("span", { class: "hidden" }, " unread"))),
  };
}
