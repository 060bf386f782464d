// popup.js: lists that open over the page: menus of deeds, and listboxes that
// offer what to put into a field.

import { h } from "./dom.js";

// place puts an open popup beside its anchor, where there is room for it.
function place(popup, anchor, end) {
  const a = anchor.getBoundingClientRect(), p = popup.getBoundingClientRect();
  const under = a.bottom + 4, over = a.top - p.height - 4;
  const left = end ? a.right - p.width : a.left;
  popup.style.top = `${under + p.height <= innerHeight || over < 0 ? under : over}px`;
  popup.style.left = `${Math.max(8, Math.min(left, innerWidth - p.width - 8))}px`;
}

// A popup that hangs outside an open modal could not be reached.
const hang = (popup, anchor) => (anchor.closest("dialog, main, aside") || document.body).append(popup);

const move = (n, key, at) => ({ ArrowDown: (at + 1) % n, ArrowUp: at <= 0 ? n - 1 : at - 1, Home: 0, End: n - 1 })[key];

// menu is a button that opens a menu; items gives [label, deed] for each entry.
export function menu(label, face, items) {
  let was = false; // whether the menu was open when the button went down
  const button = h("button", {
    type: "button", class: "icon", "aria-label": label, title: label, "aria-haspopup": "menu", "aria-expanded": "false",
    onpointerdown: () => { was = button.getAttribute("aria-expanded") === "true"; },
    onclick: () => { if (!was) open(button, label, items()); was = false; },
  }, face);
  return button;
}

function open(button, label, items) {
  const leave = () => { popup.hidePopover(); button.focus(); };
  const entries = items.map(([text, deed]) => h("button", {
    type: "button", role: "menuitem", tabindex: -1, onclick: () => { leave(); deed(); },
  }, text));
  const popup = h("div", { popover: "auto", role: "menu", "aria-label": label, class: "popup" }, entries);
  popup.addEventListener("keydown", (e) => {
    const to = entries[move(entries.length, e.key, entries.indexOf(document.activeElement))];
    if (to) to.focus();
    else if (e.key === "Escape" || e.key === "Tab") leave();
    else return;
    if (e.key !== "Tab") e.preventDefault();
  });
  popup.addEventListener("toggle", (e) => {
    if (e.newState === "open") return;
    button.setAttribute("aria-expanded", "false");
    popup.remove();
  });
  hang(popup, button);
  popup.showPopover();
  place(popup, button, true);
  button.setAttribute("aria-expanded", "true");
  entries[0]?.focus();
}

let made = 0;

// listbox offers options for a text field that keeps the focus: show(options,
// active) opens it, key(event) tells whether the key was for the list, and
// choose(option) hears what was taken.
export function listbox(input, label, choose) {
  let options = [], active = -1;
  const id = `list-${++made}`;
  const list = h("ul", { id, popover: "manual", role: "listbox", "aria-label": label, class: "popup" });
  const combobox = input.getAttribute("role") === "combobox"; // others have no expanded state
  input.setAttribute("aria-autocomplete", "list");

  const mark = (i) => {
    active = i;
    [...list.children].forEach((o, n) => o.setAttribute("aria-selected", n === i));
    if (i < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", `${id}-${i}`);
      list.children[i].scrollIntoView({ block: "nearest" });
    }
  };
  const hide = () => {
    options = [];
    active = -1;
    for (const name of ["aria-activedescendant", "aria-controls"]) input.removeAttribute(name);
    if (combobox) input.setAttribute("aria-expanded", "false");
    list.remove();
  };
  const take = (i) => { const chosen = options[i]; hide(); choose(chosen); };
  const show = (found, first) => {
    if (!found.length) return hide();
    options = found;
    list.replaceChildren(...found.map((o, i) => h("li", {
      id: `${id}-${i}`, role: "option", "aria-selected": "false",
      onpointerdown: (e) => e.preventDefault(), // the field keeps the focus
      onclick: () => take(i),
    }, o.label, o.note && h("span", { class: "quiet" }, " ", o.note))));
    if (!list.isConnected) {
      hang(list, input);
      list.showPopover();
    }
    place(list, input);
    input.setAttribute("aria-controls", id);
    if (combobox) input.setAttribute("aria-expanded", "true");
    mark(first);
  };
  const key = (e) => {
    const n = options.length;
    if (!n || e.isComposing) return false;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") mark(move(n, e.key, active));
    else if (e.key === "Escape") hide();
    else if (active >= 0 && (e.key === "Enter" || e.key === "Tab")) take(active);
    else return false;
    e.preventDefault();
    return true;
  };
  input.addEventListener("blur", hide);
  return { show, hide, key, isOpen: () => options.length > 0 };
}
