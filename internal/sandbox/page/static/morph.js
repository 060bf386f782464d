// morph.js: putting into the document what is new, and leaving the rest alone, so
// that a menu that is open, a text half written or a button in focus survives.

const keyOf = (n) => n.dataset?.key || n.id || "";

// What an element was opened to, or offers, and where a popup is, are the reader's
// and not the server's.
const kept = new Set(["open", "aria-expanded", "aria-controls", "aria-activedescendant"]);
const keeps = (el, name) => kept.has(name) || (name === "style" && el.popover);

// morph makes the children and attributes of old those of fresh. Elements with a
// key stay the same element wherever they are; what is the script's own
// (data-own) is left as it is.
export function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  if ("own" in old.dataset) return;
  for (const { name } of [...old.attributes]) if (!keeps(old, name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (!keeps(old, name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  children(old, fresh);
}

function children(old, fresh) {
  const wanted = new Set([...fresh.children].map(keyOf));
  for (const c of [...old.children]) if (keyOf(c) && !wanted.has(keyOf(c))) c.remove();
  const keyed = new Map([...old.children].filter(keyOf).map((c) => [keyOf(c), c]));
  let at = old.firstChild;
  for (const f of [...fresh.childNodes]) {
    const key = keyOf(f);
    let like = key ? keyed.get(key) : at && !keyOf(at) ? at : null;
    if (like?.nodeName !== f.nodeName) like = null;
    if (!like) {
      old.insertBefore(document.adoptNode(f), at);
      continue;
    }
    if (like === at) at = at.nextSibling;
    else old.insertBefore(like, at); // what moves loses the focus, so what can stay does
    morph(like, f);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
