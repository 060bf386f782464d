// richtext.js: what Slack's own clients write: rich text, and tables of it.

import { moment } from "./dates.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./links.js";
import { mention, plain, roomLink } from "./mrkdwn.js";

const indent = 24; // pixels of a list's level

// richText shows the parts of a rich_text block.
export const richText = (b, names) => (b.elements || []).map((part) => parts[part.type]?.(part, names) ?? h("div", {}, runs(part, names)));

const parts = {
  rich_text_preformatted: (p, names) => h("pre", {}, runs(p, names)),
  rich_text_quote: (p, names) => h("blockquote", {}, runs(p, names)),
  rich_text_list: (p, names) => {
    const ordered = p.style === "ordered";
    const list = h(ordered ? "ol" : "ul", { start: ordered && p.offset ? p.offset + 1 : null },
      p.elements.map((item) => h("li", {}, runs(item, names))));
    list.style.marginLeft = `${indent * (p.indent || 0)}px`;
    return list;
  },
};

const runs = (part, names) => (part.elements || []).map((e) => styled(e.style, kinds[e.type]?.(e, names) ?? e.text ?? ""));

const kinds = {
  user: (e, names) => mention("@" + names.user(e.user_id)),
  usergroup: (e, names) => mention("@" + names.group(e.usergroup_id)),
  broadcast: (e) => mention("@" + e.range),
  channel: (e, names) => roomLink(e.channel_id, names),
  link: (e) => link(e.url, e.text || e.url),
  emoji: (e) => (e.unicode ? String.fromCodePoint(...e.unicode.split("-").map((c) => parseInt(c, 16))) : emoji(e.name)),
  date: (e) => moment(e.timestamp, e.format, e.url, e.fallback),
  color: (e) => h("code", {}, e.value),
};

const tags = { bold: "strong", italic: "em", strike: "del", code: "code", underline: "u" };

const styled = (style, node) => Object.entries(style || {}).reduce((inner, [name, on]) => (on && tags[name] ? h(tags[name], {}, inner) : inner), node);

// table shows a table block; its first row names the columns.
export function table(b, names) {
  const side = (column) => ({ center: "to-center", right: "to-right" })[b.column_settings?.[column]?.align];
  const content = (cell) => (cell.type === "rich_text" ? richText(cell, names) : plain(cell.text ?? ""));
  const row = (cells, tag) => h("tr", {}, cells.map((cell, i) =>
    h(tag, { class: side(i), scope: tag === "th" ? "col" : null }, content(cell))));
  const [first, ...others] = b.rows;
  return h("table", {}, h("thead", {}, row(first, "th")), h("tbody", {}, others.map((cells) => row(cells, "td"))));
}
