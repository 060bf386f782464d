// blocks.js: Block Kit, shown; in messages its elements act, in modals they are fields.

import { h, confirmed } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";

// text shows a text object.
export const text = (t, names) => (!t ? [] : t.type === "mrkdwn" ? mrkdwn(t.text, names) : [plain(t.text)]);

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
      b.fields && h("dl", { class: "fields" }, b.fields.map((f) => h("div", {}, text(f, ctx.names))))),
    b.accessory && h("div", { class: "accessory" }, element(b.accessory, b, ctx))),
  input: (b, ctx) => {
    const id = `${ctx.id}-${b.block_id}`;
    const error = ctx.errors?.[b.block_id];
    const control = element(b.element, b, { ...ctx, id, field: true, invalid: Boolean(error) });
    const group = control.tagName === "FIELDSET";
    const label = [plain(b.label.text), b.optional && h("span", { class: "quiet" }, " (optional)")];
    if (group) control.prepend(h("legend", {}, label));
    return h("div", { "data-block": b.block_id },
      !group && h("label", { for: id }, label),
      control,
      b.hint && h("p", { class: "quiet" }, plain(b.hint.text)),
      h("p", { class: "problem", role: "alert", hidden: !error }, error || ""));
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

// element shows one element. A field's value is read by valueOf when the modal is
// submitted; any other acts as soon as it changes.
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
  const entry = ctx.entered?.[b.block_id]?.[e.action_id];
  const changed = ctx.field && !b.dispatch_action ? null : act;
  const make = controls[e.type];
  if (!make) return h("span", { class: "quiet" }, `(a ${e.type})`);
  const el = make(e, { ...ctx, entry, changed });
  el.dataset.action = e.action_id;
  el.dataset.kind = e.type;
  if (ctx.id && ctx.field) el.id = ctx.id;
  if (!ctx.field) el.setAttribute("aria-label", e.placeholder?.text || "More actions");
  if (ctx.invalid) el.setAttribute("aria-invalid", "true");
  if (e.focus_on_load) el.autofocus = true;
  return el;
}

const chosen = (el) => (el.multiple ? [...el.selectedOptions].map((o) => o.value) : el.value);

function select(e, ctx, options, current, many, resets) {
  const el = h("select", { multiple: many, size: many ? 4 : null });
  const hint = e.placeholder ? plain(e.placeholder.text) : e.type === "overflow" ? "⋯" : "Choose …";
  if (!many) el.append(h("option", { value: "" }, hint));
  el.append(...options);
  for (const o of el.options) o.selected = o.value !== "" && current.includes(o.value);
  if (!many && !current.length) el.value = "";
  if (ctx.changed) {
    const before = el.value;
    el.addEventListener("change", () => {
      const value = chosen(el);
      if (value === "" ) return;
      ctx.changed(value, () => { el.value = before; });
      if (resets) el.value = "";
    });
  }
  return el;
}

const option = (o) => h("option", { value: o.value, title: o.description && plain(o.description.text) },
  plain(o.text.text) + (o.description ? ` (${plain(o.description.text)})` : ""));

const offered = (e) => (e.option_groups
  ? e.option_groups.map((g) => h("optgroup", { label: plain(g.label.text) }, g.options.map(option)))
  : e.options.map(option));

const valuesOf = (v) => [v ?? []].flat().map((o) => o.value ?? o);

const listed = (key, options, many) => (e, ctx) =>
  select(e, ctx, options(e, ctx), valuesOf(ctx.entry?.[key]), many);

const people = (_, ctx) => ctx.people.map((u) => h("option", { value: u.id }, `${u.real_name} (@${u.name})`));
const rooms = (_, ctx) => ctx.rooms.map((c) => h("option", { value: c.id }, "#" + c.name));

const typed = (type, key = "value") => (e, ctx) => {
  const el = h(e.multiline ? "textarea" : "input", {
    type: e.multiline ? null : type, rows: e.multiline ? 4 : null, maxlength: e.max_length,
    placeholder: e.placeholder && plain(e.placeholder.text), step: type === "number" ? "any" : null,
  });
  el.value = ctx.entry?.[key] ?? "";
  if (ctx.changed) el.addEventListener("change", () => ctx.changed(el.value));
  return el;
};

const boxes = (type, key) => (e, ctx) => {
  const now = valuesOf(ctx.entry?.[key]);
  const group = "g" + Math.random();
  const set = h("fieldset", {}, e.options.map((o) => {
    const box = h("input", { type, name: group, value: o.value });
    box.checked = now.includes(o.value);
    return h("label", {}, box, " ", text(o.text, ctx.names),
      o.description && h("span", { class: "quiet" }, " ", text(o.description, ctx.names)));
  }));
  if (ctx.changed) set.addEventListener("change", () => ctx.changed(ticked(set, type)));
  return set;
};

function ticked(set, type) {
  const values = [...set.querySelectorAll("input:checked")].map((i) => i.value);
  return type === "radio" ? values[0] ?? "" : values;
}

const controls = {
  overflow: (e, ctx) => select(e, ctx, offered(e), [], false, true),
  static_select: listed("selected_option", offered),
  multi_static_select: listed("selected_options", offered, true),
  users_select: listed("selected_user", people),
  multi_users_select: listed("selected_users", people, true),
  channels_select: listed("selected_channel", rooms),
  multi_channels_select: listed("selected_channels", rooms, true),
  conversations_select: listed("selected_conversation", rooms),
  multi_conversations_select: listed("selected_conversations", rooms, true),
  radio_buttons: boxes("radio", "selected_option"),
  checkboxes: boxes("checkbox", "selected_options"),
  plain_text_input: typed("text"),
  number_input: typed("number"),
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  datepicker: typed("date", "selected_date"),
  timepicker: typed("time", "selected_time"),
  datetimepicker: (e, ctx) => {
    const el = typed("datetime-local")(e, { ...ctx, entry: null, changed: null });
    const at = ctx.entry?.selected_date_time;
    if (at) el.value = new Date(at * 1000 - new Date().getTimezoneOffset() * 6e4).toISOString().slice(0, 16);
    return el;
  },
};

// valueOf reads what a person entered in a field.
export function valueOf(el) {
  const kind = el.dataset.kind;
  if (el.tagName === "FIELDSET") return ticked(el, kind === "radio_buttons" ? "radio" : "checkbox");
  if (el.tagName === "SELECT") return chosen(el);
  if (kind === "datetimepicker") return el.value ? Math.floor(new Date(el.value) / 1000) : null;
  return el.value;
}
