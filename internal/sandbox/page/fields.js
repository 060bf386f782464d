// fields.js: the elements that hold a value: making them, reading and filling them.

import { h } from "./dom.js";
import { plain, text } from "./mrkdwn.js";
import { picker } from "./picker.js";

// control makes the element; ctx.entry is its entry in the view's state, and
// ctx.changed(value, reset) hears of each change where one is wanted at once.
export function control(e, ctx) {
  return controls[e.type]?.(e, ctx);
}

// inner is the part of a control that has the focus, a label and an id.
export const inner = (el) => (el.classList.contains("picker") ? el.querySelector("input") : el);

// A menu that is longer than this is one to search in. So is one that acts at
// once, as the browser's own would act at each press of an arrow key.
const glance = 10;

const hint = (e) => (e.placeholder ? plain(e.placeholder.text) : "Choose …");

// valueIn is what an element holds: what was entered, else what it begins with.
function valueIn(e, ctx, key) {
  const v = ctx.entry ? ctx.entry[key] : e[key.replace("selected", "initial")] ?? e.initial_value;
  return v ?? null;
}

const valuesIn = (e, ctx, key) => [valueIn(e, ctx, key) ?? []].flat().map((o) => o.value ?? o);

const option = (o) => h("option", { value: o.value, title: o.description && plain(o.description.text) },
  plain(o.text.text) + (o.description ? ` (${plain(o.description.text)})` : ""));

function select(e, now) {
  const el = h("select", {}, h("option", { value: "" }, hint(e)),
    e.option_groups
      ? e.option_groups.map((g) => h("optgroup", { label: plain(g.label.text) }, g.options.map(option)))
      : e.options.map(option));
  el.value = now[0] ?? "";
  return el;
}

const described = (o, group) => ({
  value: o.value, label: plain(o.text.text),
  note: [o.description && plain(o.description.text), group && plain(group.label.text)].filter(Boolean).join(", "),
});

const offered = (e) => (e.option_groups ? e.option_groups.flatMap((g) => g.options.map((o) => described(o, g))) : e.options.map((o) => described(o)));

// most is how many values an element of many takes; 0 is an element of one.
const most = (e, many) => (many ? e.max_selected_items || Infinity : 0);

const choice = (key, many) => (e, ctx) => {
  const now = valuesIn(e, ctx, key), options = offered(e);
  return !many && !ctx.changed && options.length <= glance ? select(e, now) : picker(hint(e), options, now, most(e, many), ctx.changed);
};

const search = (key, options, many) => (e, ctx) => picker(hint(e), options(ctx), valuesIn(e, ctx, key), most(e, many), ctx.changed);

const people = (ctx) => ctx.people.map((u) => ({ value: u.id, label: u.real_name, note: `@${u.name}, ${u.title}` }));
const rooms = (ctx) => ctx.rooms.map((c) => ({ value: c.id, label: "#" + c.name, note: "" }));

// act hears of a typed value when it is complete: at Enter, or when the field is
// left; of one that was picked with the pointer, at once.
function whenDone(el, act) {
  let typing = false, told = el.value;
  const done = () => {
    typing = false;
    if (el.value !== told) act(told = el.value);
  };
  el.addEventListener("keydown", (k) => {
    typing = true;
    if (k.key === "Enter" && el.tagName !== "TEXTAREA") { k.preventDefault(); done(); }
  });
  el.addEventListener("change", () => { if (!typing) done(); });
  el.addEventListener("blur", done);
}

const typed = (type, key = "value", show = String, read = String) => (e, ctx) => {
  const el = h(e.multiline ? "textarea" : "input", {
    type: e.multiline ? null : type, rows: e.multiline ? 4 : null, maxlength: e.max_length,
    placeholder: e.placeholder && plain(e.placeholder.text), step: type === "number" ? (e.is_decimal_allowed ? "any" : 1) : null, min: e.min_value, max: e.max_value,
  });
  const now = valueIn(e, ctx, key);
  el.value = now === null ? "" : show(now);
  if (ctx.changed) whenDone(el, (v) => ctx.changed(read(v)));
  return el;
};

let groups = 0;

const boxes = (type, key) => (e, ctx) => {
  const now = valuesIn(e, ctx, key);
  const name = `group-${++groups}`;
  const set = h("fieldset", {}, e.options.map((o) => {
    const box = h("input", { type, name, value: o.value });
    box.checked = now.includes(o.value);
    return h("label", {}, box, " ", text(o.text, ctx.names),
      o.description && h("span", { class: "quiet" }, " ", text(o.description, ctx.names)));
  }));
  if (ctx.changed) set.addEventListener("change", () => ctx.changed(valueOf(set)));
  return set;
};

// A moment is Unix time in seconds; the field shows it as the reader's own time.
const localTime = (at) => new Date(at * 1000 - new Date(at * 1000).getTimezoneOffset() * 6e4).toISOString().slice(0, 16);
const unixTime = (shown) => (shown ? Math.floor(new Date(shown) / 1000) : null);

const controls = {
  static_select: choice("selected_option"),
  multi_static_select: choice("selected_options", true),
  users_select: search("selected_user", people),
  multi_users_select: search("selected_users", people, true),
  channels_select: search("selected_channel", rooms),
  multi_channels_select: search("selected_channels", rooms, true),
  conversations_select: search("selected_conversation", rooms),
  multi_conversations_select: search("selected_conversations", rooms, true),
  radio_buttons: boxes("radio", "selected_option"),
  checkboxes: boxes("checkbox", "selected_options"),
  plain_text_input: typed("text"),
  number_input: typed("number"),
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  datepicker: typed("date", "selected_date"),
  timepicker: typed("time", "selected_time"),
  datetimepicker: typed("datetime-local", "selected_date_time", localTime, unixTime),
};

// valueOf reads what a person entered in a control.
export function valueOf(el) {
  if (el.chosen) return el.chosen();
  if (el.tagName === "FIELDSET") {
    const ticked = [...el.querySelectorAll("input:checked")].map((i) => i.value);
    return el.querySelector("[type=radio]") ? ticked[0] ?? "" : ticked;
  }
  return el.dataset.kind === "datetimepicker" ? unixTime(el.value) : el.value;
}

// fill is the reverse of valueOf.
export function fill(el, value) {
  if (el.choose) el.choose(value);
  else if (el.tagName === "FIELDSET") for (const box of el.querySelectorAll("input")) box.checked = [value].flat().includes(box.value);
  else el.value = el.dataset.kind === "datetimepicker" && value ? localTime(value) : value ?? "";
}
