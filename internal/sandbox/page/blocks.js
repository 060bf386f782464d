// blocks.js: Block Kit, shown; in messages its elements act, in modals they are fields.

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { control, inner } from "./fields.js";
import { mrkdwn, plain, text } from "./mrkdwn.js";
import { menu } from "./popup.js";

// blocks shows a list of blocks. ctx has names, people, rooms, act(element, block,
// value) for elements that act at once, and entered for what fields hold.
export function blocks(list, ctx) {
  return (list || []).map((b) => {
    const make = kinds[b.type] || unknown;
    const el = make(b, ctx);
    el.classList.add("block", "block-" + b.type);
    return el;
  });
}

const unknown = (b) => h("p", { class: "quiet" }, `(a ${b.type} block)`);

const kinds = {
  header: (b) => h("h3", {}, plain(b.text.text)),
  divider: () => h("hr"),
  markdown: (b, ctx) => h("div", {}, mrkdwn(b.text, ctx.names)),
  context: (b, ctx) => h("div", { class: "quiet" }, b.elements.map((e) =>
    e.type === "image" ? picture(e) : h("span", {}, text(e, ctx.names)))),
  image: (b) => h("figure", {}, b.title && h("figcaption", {}, plain(b.title.text)), picture(b)),
  actions: (b, ctx) => h("div", {}, b.elements.map((e) => element(e, b, ctx))),
  section: (b, ctx) => h("div", {},
    h("div", { class: "said" },
      b.text && h("div", {}, text(b.text, ctx.names)),
      b.fields && h("div", { class: "fields" }, b.fields.map((f) => h("div", {}, text(f, ctx.names))))),
    b.accessory && h("div", { class: "accessory" }, element(b.accessory, b, ctx))),
  input: (b, ctx) => {
    const id = `${ctx.id}-${b.block_id}`;
    const error = ctx.errors?.[b.block_id];
    const el = element(b.element, b, { ...ctx, id, field: true });
    const group = el.tagName === "FIELDSET";
    const label = [plain(b.label.text), b.optional && h("span", { class: "quiet" }, " (optional)")];
    if (group) el.prepend(h("legend", {}, label));
    inner(el).setAttribute("aria-describedby", `${id}-hint ${id}-problem`);
    return h("div", { "data-block": b.block_id },
      !group && h("label", { for: id }, label),
      el,
      h("p", { class: "quiet", id: `${id}-hint`, hidden: !b.hint }, plain(b.hint?.text || "")),
      h("p", { class: "problem", id: `${id}-problem`, role: "alert", hidden: !error }, error || ""));
  },
  rich_text: (b, ctx) => h("div", {}, (b.elements || []).map((part) => h("p", {}, runs(part, ctx)))),
  table: (b, ctx) => h("table", {}, h("tbody", {}, b.rows.map((row) => h("tr", {}, row.map((cell) =>
    h("td", {}, cell.type === "raw_text" ? cell.text : runs(cell, ctx))))))),
};

function runs(part, ctx) {
  return (part.elements || []).map((e) => {
    if (e.elements) return h("p", {}, runs(e, ctx));
    if (e.type === "user") return h("span", { class: "mention" }, "@" + ctx.names.user(e.user_id));
    if (e.type === "channel") return h("span", { class: "mention" }, "#" + ctx.names.channel(e.channel_id));
    if (e.type === "link") return h("a", { href: e.url, rel: "noopener", target: "_blank" }, e.text || e.url);
    if (e.type === "emoji") return plain(`:${e.name}:`);
    return h(e.style?.bold ? "strong" : e.style?.italic ? "em" : e.style?.code ? "code" : "span", {}, e.text || "");
  });
}

const picture = (e) => h("img", { src: e.image_url || e.slack_file?.url, alt: e.alt_text, title: e.alt_text, loading: "lazy" });

// element shows one element. A field's value goes with the modal that it is in;
// any other acts as soon as it changes.
function element(e, b, ctx) {
  if (e.type === "image") return picture(e);
  const act = async (value, reset) => {
    if (await confirmed(e.confirm, (t) => text(t, ctx.names))) ctx.act(e, b, value);
    else reset?.();
  };
  if (e.type === "button") {
    return h("button", {
      type: "button", class: e.style, "aria-label": e.accessibility_label,
      onclick: () => { if (e.url) window.open(e.url, "_blank", "noopener"); act(e.value); },
    }, plain(e.text.text));
  }
  if (e.type === "overflow") {
    return menu("More actions", "⋯", () => e.options.map((o) => [plain(o.text.text), () => {
      if (o.url) window.open(o.url, "_blank", "noopener");
      act(o.value);
    }]));
  }
  const entry = ctx.entered?.[b.block_id]?.[e.action_id];
  const el = control(e, { ...ctx, entry, changed: ctx.field && !b.dispatch_action ? null : act });
  if (!el) return h("span", { class: "quiet" }, `(a ${e.type})`);
  el.dataset.action = e.action_id;
  el.dataset.kind = e.type;
  if (ctx.field) inner(el).id = ctx.id;
  else inner(el).setAttribute("aria-label", e.placeholder ? plain(e.placeholder.text) : e.type.replaceAll("_", " "));
  if (e.focus_on_load) inner(el).autofocus = true;
  return el;
}
