// popup.js: lists that open over the page: menus of actions, and listboxes that
// offer what to put into a field.

const anchors = new WeakMap(); // of popups that are or were open

// place puts an open popup beside its anchor, where there is room for it.
function place(popup, anchor) {
  anchors.set(popup, anchor);
  const a = anchor.getBoundingClientRect(), p = popup.getBoundingClientRect();
  const under = a.bottom + 4, over = a.top - p.height - 4;
  const left = popup.matches("[role=menu]") ? a.right - p.width : a.left;
  popup.style.top = `${under + p.height <= innerHeight || over < 0 ? under : over}px`;
  popup.style.left = `${Math.max(8, Math.min(left, innerWidth - p.width - 8))}px`;
}

// follow keeps open popups beside what is scrolled; one whose anchor is scrolled
// out of sight closes.
function follow({ target: scrolled }) {
  for (const popup of document.querySelectorAll(".popup:popover-open")) {
    const anchor = anchors.get(popup);
    if (scrolled === document || !scrolled.contains(anchor)) continue;
    const a = anchor.getBoundingClientRect(), s = scrolled.getBoundingClientRect();
    if (a.bottom < s.top || a.top > s.bottom) popup.hidePopover();
    else place(popup, anchor);
  }
}

function move(n, key, at) {
  const on = (at + 1) % n, back = at <= 0 ? n - 1 : at - 1;
  return { ArrowDown: on, ArrowRight: on, ArrowUp: back, ArrowLeft: back, Home: 0, End: n - 1 }[key];
}

// opener is the button that opens a menu.
export const opener = (menu) => document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);

// pressed opens the menu of a button, or closes it. The menu is shown in its place
// and with its focus at once: of one that the browser opens, a script hears later
// than the next key may be pressed.
function pressed(e) {
  const button = e.target.closest("[popovertarget]"), menu = button?.popoverTargetElement;
  if (!menu) return;
  e.preventDefault();
  menu.togglePopover({ source: button });
  if (!menu.matches(":popover-open")) return;
  place(menu, button);
  menu.querySelector("button")?.focus();
}

// beginMenus has every menu open and close, and gives it its keys.
export function beginMenus() {
  document.addEventListener("scroll", follow, true);
  document.addEventListener("click", pressed);
  document.addEventListener("beforetoggle", (e) => {
    if (e.target.matches("[role=menu]")) opener(e.target)?.setAttribute("aria-expanded", e.newState === "open");
  }, true);
  document.addEventListener("keydown", (e) => {
    const menu = e.target.closest("[role=menu]");
    if (!menu) return;
    const entries = [...menu.querySelectorAll("button")];
    const to = entries[move(entries.length, e.key, entries.indexOf(e.target))];
    if (to) to.focus();
    else if (e.key === "Escape" || e.key === "Tab") leave(menu);
    else return;
    if (e.key !== "Tab") e.preventDefault();
  });
}

// leave closes a menu, and goes back to its button.
export function leave(menu) {
  menu.hidePopover();
  opener(menu)?.focus();
}

const lists = new WeakMap();

// listbox is the list beside a text field that keeps the focus. choose(option)
// gets the option {label, note, …} that was chosen; one with none set only says
// why there are no others.
export function listbox(input, choose) {
  if (!lists.has(input)) lists.set(input, make(input, input.parentElement.querySelector("[role=listbox]"), choose));
  return lists.get(input);
}

function make(input, list, choose) {
  let options = [], active = -1;
  const combobox = input.getAttribute("role") === "combobox"; // others have no expanded state

  const mark = (i) => {
    active = i;
    [...list.children].forEach((o, n) => o.setAttribute("aria-selected", n === i));
    if (i < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[i].id);
      list.children[i].scrollIntoView({ block: "nearest" });
    }
  };
  const hide = () => {
    options = [];
    active = -1;
    for (const name of ["aria-activedescendant", "aria-controls"]) input.removeAttribute(name);
    if (combobox) input.setAttribute("aria-expanded", "false");
    if (list.isConnected) list.hidePopover();
  };
  const take = (i) => { const chosen = options[i]; hide(); choose(chosen); };
  const entry = (o, i) => {
    const li = document.createElement("li");
    Object.assign(li, { id: `${list.id}-${i}`, role: "option", textContent: o.label, ariaDisabled: o.none ? "true" : null });
    if (o.note) {
      const note = document.createElement("span");
      Object.assign(note, { className: "quiet", textContent: ` ${o.note}` });
      li.append(note);
    }
    li.addEventListener("pointerdown", (e) => e.preventDefault()); // the field keeps the focus
    if (!o.none) li.addEventListener("click", () => take(i));
    return li;
  };
  const show = (found, first) => {
    if (!found.length) return hide();
    options = found;
    list.replaceChildren(...found.map(entry));
    list.showPopover();
    place(list, input);
    input.setAttribute("aria-controls", list.id);
    if (combobox) input.setAttribute("aria-expanded", "true");
    mark(first);
  };
  // key reports whether a key was for the list.
  const key = (e) => {
    const n = options.length;
    if (!n || e.isComposing) return false;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") mark(move(n, e.key, active));
    else if (e.key === "Escape") hide();
    else if (active >= 0 && !options[active].none && (e.key === "Enter" || e.key === "Tab")) take(active);
    else return false;
    e.preventDefault();
    return true;
  };
  return { show, hide, key };
}
