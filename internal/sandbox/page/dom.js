// dom.js: making elements, and keeping those that did not change.

// h makes an element. Properties that begin with "on" are listeners; null and
// false leave an attribute out. Text is always text, never markup.
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name === "class") el.className = value;
    else el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}

// glyph is a small drawing, for the eye only.
export const glyph = (name) => h("span", { class: `glyph glyph-${name}`, "aria-hidden": "true" });

export const byId = (id) => document.getElementById(id);

// keyed shows items as el's children, and leaves alone those that did not change,
// so that a menu that is open, or a button in focus, survives a refresh. It tells
// whether anything changed.
export function keyed(el, items) {
  const old = new Map([...el.children].map((c) => [c.dataset.key, c]));
  let changed = false;
  const next = items.map(({ key, rev, make }) => {
    const was = old.get(key);
    if (was?.dataset.rev === rev) return was;
    changed = true;
    const made = make();
    Object.assign(made.dataset, { key, rev });
    return was?.tagName === made.tagName ? renewed(was, made) : made;
  });
  const wanted = new Set(next);
  for (const c of [...el.children]) if (!wanted.has(c)) { c.remove(); changed = true; }
  // What may stay where it is does, since what moves loses the focus.
  next.forEach((n, i) => { if (el.children[i] !== n) el.insertBefore(n, el.children[i] || null); });
  return changed;
}

// renewed gives an element what another holds: as it is still the same element,
// it keeps its place and the focus. What had the focus within it hands that on to
// its like, if there is one.
function renewed(el, other) {
  const at = document.activeElement;
  const within = at !== el && el.contains(at);
  for (const { name } of [...el.attributes]) if (!other.hasAttribute(name)) el.removeAttribute(name);
  for (const { name, value } of other.attributes) el.setAttribute(name, value);
  el.replaceChildren(...other.childNodes);
  if (within) ([...el.querySelectorAll(at.tagName)].find((e) => e.textContent === at.textContent) || el).focus();
  return el;
}
