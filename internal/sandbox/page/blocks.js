// blocks.js: Block Kit, shown; in messages its elements act, in modals they are fields.

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { control, inner } from "./fields.js";
import { follow } from "./links.js";
import { markdown } from "./markdown.js";
import { plain, text } from "./mrkdwn.js";
import { menu } from "./popup.js";
import { richText, table } from "./richtext.js";

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
  markdown: (b, ctx) => h("div", {}, markdown(b.text, ctx.names)),
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
    const el = element(b.element, b, { ...ctx, id, field: true });
    const group = el.tagName === "FIELDSET";
    const label = [plain(b.label.text), b.optional && h("span", { class: "quiet" }, " (optional)")];
    if (group) el.prepend(h("legend", {}, label));
    inner(el).setAttribute("aria-describedby", `${id}-hint ${id}-problem`);
    return h("div", { "data-block": b.block_id },
      !group && h("label", { for: id }, label),
      el,
      h("p", { class: "quiet", id: `${id}-hint`, hidden: !b.hint }, plain(b.hint?.text || "")),
      h("p", { class: "problem", id: `${id}-problem`, role: "alert", hidden: true }));
  },
  rich_text: (b, ctx) => h("div", {}, richText(b, ctx.names)),
  table: (b, ctx) => h("div", { tabindex: 0, role: "group", "aria-label": "Table" }, table(b, ctx.names)),
};

const picture = (e) => h("img", { src: e.image_url || e.slack_file?.url, alt: e.alt_text, title: e.alt_text, loading: "lazy" });

// element shows one element, and marks it as which of which block it is.
function element(e, b, ctx) {
  if (e.type === "image") return picture(e);
  const el = live(e, b, ctx);
  Object.assign(el.dataset, { action: e.action_id, of: b.block_id, kind: e.type });
  return el;
}

// A field's value goes with the modal that it is in; any other element acts as
// soon as it changes.
function live(e, b, ctx) {
  const act = async (value, reset) => {
    if (await confirmed(e.confirm, (t) => text(t, ctx.names))) ctx.act(e, b, value);
    else reset?.();
  };
  if (e.type === "button") {
    return h("button", {
      type: "button", class: e.style, "aria-label": e.accessibility_label, onclick: () => { follow(e.url); act(e.value); },
    }, plain(e.text.text));
  }
  if (e.type === "overflow") {
    return menu("More actions", "⋯", () => e.options.map((o) => [plain(o.text.text), () => { follow(o.url); act(o.value); }]));
  }
  const entry = ctx.entered?.[b.block_id]?.[e.action_id];
  const el = control(e, { ...ctx, entry, changed: ctx.field && !b.dispatch_action ? null : act });
  if (!el) return h("span", { class: "quiet" }, `(a ${e.type})`);
  if (ctx.field) inner(el).id = ctx.id;
  else inner(el).setAttribute("aria-label", plain((e.placeholder || b.text)?.text || e.type.replaceAll("_", " ")));
  if (e.focus_on_load) inner(el).autofocus = true;
  return el;
}
