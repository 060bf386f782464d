// fields.js: elements with a value: reading them, and menus searched by typing.

import { listbox } from "./popup.js";

// inner is the part of a control that takes the focus.
export const inner = (el) => (el.matches(".picker, fieldset") ? el.querySelector("input") : el);

// A moment is Unix time in seconds; the field shows it as the reader's own time.
const unixTime = (shown) => (shown ? Math.floor(new Date(shown) / 1000) : null);

// valueOf reads what a person entered in a control.
export function valueOf(el) {
  if (el.matches(".picker")) return chosen(el);
  if (el.matches("fieldset")) {
    const ticked = [...el.querySelectorAll("input:checked")].map((i) => i.value);
    return el.querySelector("[type=radio]") ? ticked[0] ?? "" : ticked;
  }
  return el.dataset.kind === "datetimepicker" ? unixTime(el.value) : el.value;
}

// enteredIn returns the values of the fields of a form, by block and action.
export function enteredIn(place) {
  const values = {};
  for (const block of place.querySelectorAll("[data-block]")) {
    const field = block.querySelector("[data-action]");
    if (field) values[block.dataset.block] = { [field.dataset.action]: valueOf(field) };
  }
  return values;
}

// changed announces, by an event, that a control has a new value.
const changed = (el) => el.dispatchEvent(new Event("chosen", { bubbles: true }));

// A picker is a menu that people do not see, and a field that searches in it.
const menuOf = (el) => el.querySelector("select");

function chosen(el) {
  const values = [...menuOf(el).selectedOptions].map((o) => o.value);
  return menuOf(el).multiple ? values : values[0] ?? "";
}

// pick chooses values, and shows that.
export function pick(el, values) {
  const menu = menuOf(el), wanted = [values].flat();
  for (const o of menu.options) o.selected = wanted.includes(o.value);
  const shown = [...menu.selectedOptions];
  el.querySelector("input").value = menu.multiple ? "" : shown[0]?.textContent ?? "";
  el.querySelector(".chips")?.replaceChildren(...shown.map((o) => {
    const chip = document.createElement("button");
    Object.assign(chip, { type: "button", value: o.value, textContent: `${o.textContent} ✕`, ariaLabel: `Remove ${o.textContent}` });
    return chip;
  }));
}

const before = new WeakMap(); // what was chosen until now

function choose(el, values) {
  before.set(el, chosen(el));
  pick(el, values);
  changed(el);
}

// undo takes the last choice back.
export const undo = (el) => { if (el.matches(".picker")) pick(el, before.get(el)); };

// offer lists what fits what was typed.
function offer(el, typed) {
  const menu = menuOf(el), want = typed.trim().toLowerCase();
  const fits = (o) => `${o.textContent} ${o.dataset.note}`.toLowerCase().split(/[\s,@#]+/).concat(o.textContent.toLowerCase()).some((w) => w.startsWith(want));
  const full = menu.multiple && el.dataset.most && menu.selectedOptions.length >= el.dataset.most;
  const options = full ? [] : [...menu.options].filter((o) => o.value && !(menu.multiple && o.selected) && fits(o));
  if (options.length) return search(el).show(options.map((o) => ({ value: o.value, label: o.textContent, note: o.dataset.note })), want ? 0 : -1);
  const why = (full && `You can choose up to ${el.dataset.most}.`) || (want ? "No matches." : "Nothing else to choose.");
  search(el).show([{ label: why, none: true }], 0);
}

const search = (el) => listbox(el.querySelector("input"), (o) => choose(el, menuOf(el).multiple ? [...chosen(el), o.value] : [o.value]));

function keyIn(el, e) {
  const menu = menuOf(el);
  if (search(el).key(e)) return;
  if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); offer(el, ""); }
  if (e.key === "Enter") e.preventDefault(); // it belongs to the list, not to the form
  if (e.key === "Backspace" && menu.multiple && !e.target.value && menu.selectedOptions.length) choose(el, chosen(el).slice(0, -1));
}

// What was typed and not chosen is no choice; an emptied field is none either.
function left(el, input) {
  search(el).hide();
  if (!menuOf(el).multiple && chosen(el) && !input.value.trim()) choose(el, [""]);
  else pick(el, chosen(el));
}

// A typed value counts when it is complete: on Enter, or when the field is left;
// one picked with the pointer counts immediately.
function beginTyped() {
  let typing = null;
  const reported = new WeakMap();
  const acts = (el) => el.matches("[data-acts]:is(input, textarea)");
  const done = (el) => {
    typing = null;
    if (el.value === (reported.get(el) ?? el.defaultValue)) return;
    reported.set(el, el.value);
    changed(el);
  };
  document.addEventListener("keydown", (e) => {
    if (!acts(e.target)) return;
    typing = e.target;
    if (e.key === "Enter" && e.target.tagName !== "TEXTAREA") { e.preventDefault(); done(e.target); }
  });
  document.addEventListener("change", (e) => {
    if (acts(e.target) && typing !== e.target) done(e.target);
    if (e.target.closest("fieldset[data-acts]")) changed(e.target.closest("fieldset"));
  });
  document.addEventListener("focusout", (e) => { if (acts(e.target)) done(e.target); });
}

// beginFields brings what is searched and typed to life.
export function beginFields() {
  const picked = (handle) => (e) => {
    const el = e.target.closest(".picker");
    if (el && e.target.role === "combobox") handle(el, e);
  };
  document.addEventListener("input", picked((el, e) => offer(el, e.target.value)));
  document.addEventListener("click", picked((el) => offer(el, "")));
  document.addEventListener("focusin", picked((_, e) => e.target.select()));
  document.addEventListener("focusout", picked((el, e) => left(el, e.target)));
  document.addEventListener("keydown", picked(keyIn));
  document.addEventListener("click", (e) => {
    const chip = e.target.closest(".chips button");
    if (!chip) return;
    const el = chip.closest(".picker");
    choose(el, chosen(el).filter((v) => v !== chip.value));
    el.querySelector("input").focus();
  });
  beginTyped();
}
