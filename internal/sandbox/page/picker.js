// picker.js: a menu that is searched by typing.

import { h } from "./dom.js";
import { listbox } from "./popup.js";

// picker makes one. options are {value, label, note}; now are the values that
// are chosen; most is how many there may be, with 0 for a menu of one; changed,
// if any, hears of each choice as control says.
export function picker(hint, options, now, most, changed) {
  const many = most > 0;
  let chosen = now.filter((v) => options.some((o) => o.value === v));
  const labelOf = (v) => options.find((o) => o.value === v).label;
  const input = h("input", { type: "text", role: "combobox", autocomplete: "off", placeholder: hint, "aria-expanded": "false", spellcheck: "false" });
  const chips = h("span", { class: "chips" });
  const el = h("div", { class: "picker" }, many && chips, input);

  const show = () => {
    if (!many) input.value = chosen.length ? labelOf(chosen[0]) : "";
    else {
      input.value = "";
      chips.replaceChildren(...chosen.map((v) => h("button", {
        type: "button", "aria-label": `Remove ${labelOf(v)}`,
        onclick: () => { set(chosen.filter((x) => x !== v)); input.focus(); },
      }, labelOf(v), " ✕")));
    }
  };
  const set = (values) => {
    const before = chosen;
    chosen = values;
    show();
    changed?.(el.chosen(), () => { chosen = before; show(); });
  };
  const list = listbox(input, hint, (o) => set(many ? [...chosen, o.value] : [o.value]));
  const offer = (typed) => {
    const want = typed.trim().toLowerCase();
    const fits = (o) => `${o.label} ${o.note}`.toLowerCase().split(/[\s,@#]+/).concat(o.label.toLowerCase()).some((w) => w.startsWith(want));
    list.show(chosen.length >= most && many ? [] : options.filter((o) => !(many && chosen.includes(o.value)) && fits(o)), want ? 0 : -1);
  };
  input.addEventListener("input", () => offer(input.value));
  input.addEventListener("click", () => offer(""));
  input.addEventListener("focus", () => input.select());
  input.addEventListener("keydown", (e) => {
    if (list.key(e)) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); offer(""); }
    if (e.key === "Enter") e.preventDefault(); // it belongs to the list, not to the form
    if (e.key === "Backspace" && many && !input.value && chosen.length) set(chosen.slice(0, -1));
  });
  // What was typed and not chosen is no choice; an emptied field is none either.
  input.addEventListener("blur", () => {
    if (!many && chosen.length && !input.value.trim()) set([]);
    else show();
  });
  el.chosen = () => (many ? [...chosen] : chosen[0] ?? "");
  el.choose = (value) => { chosen = [value].flat().filter((v) => options.some((o) => o.value === v)); show(); };
  show();
  return el;
}
