// attachments.js: the older kind of message content, legible.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { link } from "./links.js";
import { mrkdwn, plain } from "./mrkdwn.js";

const tones = { good: "var(--good)", warning: "#c98a00", danger: "var(--bad)" };

// attachments shows a message's attachments, each with a bar of its colour.
export const attachments = (list, ctx) => (list || []).map((a) => {
  const el = h("div", { class: "attachment" },
    a.pretext && h("p", {}, mrkdwn(a.pretext, ctx.names)),
    a.author_name && h("p", { class: "quiet" }, plain(a.author_name)),
    a.title && h("p", {}, h("strong", {}, a.title_link ? link(a.title_link, plain(a.title)) : plain(a.title))),
    a.text && h("div", {}, mrkdwn(a.text, ctx.names)),
    a.fields && h("div", { class: "fields" }, a.fields.map((f) => h("div", {}, h("strong", {}, plain(f.title || "")), h("br"), mrkdwn(f.value || "", ctx.names)))),
    blocks(a.blocks, ctx),
    a.footer && h("p", { class: "quiet" }, plain(a.footer)));
  if (a.color) el.style.borderColor = tones[a.color] || `#${a.color.replace("#", "")}`;
  return el;
});
