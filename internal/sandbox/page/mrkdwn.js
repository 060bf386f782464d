// mrkdwn.js: Slack's markup, shown.

import { moment } from "./dates.js";
import { h } from "./dom.js";
import { code, emoji, emojis } from "./emoji.js";
import { link } from "./links.js";

const unescape = (s) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

// plain shows text that has no markup but emoji.
export const plain = (s) => emojis(unescape(s));

// text shows a text object.
export const text = (t, names) => (!t ? [] : t.type === "mrkdwn" ? mrkdwn(t.text, names) : [plain(t.text)]);

// note shows a topic or a purpose: links, references and emoji, no formatting.
export const note = (s, names) => scan(s, references, names);

export const mrkdwn = (s, names) => scan(s, marks, names);

// A mark is what it looks like at the start of what is left, what becomes of it,
// and where it counts: anywhere, at the start of a "line", or outside a "word".
export const references = [
  [/^<([^<>\n]+)>/, (m, names) => reference(m[1], names)],
  [/^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"*_~]/, (m) => link(unescape(m[0]), unescape(m[0])), "word"],
  [new RegExp("^" + code.source), (m) => emoji(m[1])],
];

// The order matters: what is code is nothing else, and a reference is one thing.
const marks = [
  [/^(?:(?:&gt;|>)[^\n]*(?:\n|$))+/, (m, names) => h("blockquote", {}, mrkdwn(m[0].replace(/^(?:&gt;|>) ?/gm, "").replace(/\n$/, ""), names)), "line"],
  [/^```\n?([\s\S]*?)\n?```\n?/, (m) => h("pre", {}, unescape(m[1]))],
  [/^`([^`\n]+)`/, (m) => h("code", {}, unescape(m[1]))],
  ...references,
  [/^\*(?=\S)([^*\n]*?\S)\*(?![\p{L}\p{N}])/u, (m, names) => h("strong", {}, mrkdwn(m[1], names)), "word"],
  [/^_(?=\S)([^_\n]*?\S)_(?![\p{L}\p{N}])/u, (m, names) => h("em", {}, mrkdwn(m[1], names)), "word"],
  [/^~(?=\S)([^~\n]*?\S)~(?![\p{L}\p{N}])/u, (m, names) => h("del", {}, mrkdwn(m[1], names)), "word"],
  [/^\n/, () => h("br")],
];

// scan turns markup into nodes; names resolves IDs to what people call them.
export function scan(markup, marks, names) {
  const out = [];
  let word = "";
  const flush = () => { if (word) out.push(unescape(word)); word = ""; };
  for (let rest = markup, fresh = true; rest;) {
    const inWord = /[\p{L}\p{N}]$/u.test(word);
    const counts = (where) => (where === "line" ? fresh : where !== "word" || !inWord);
    const [hit, make] = marks.map(([re, make, where]) => [counts(where) && re.exec(rest), make]).find(([m]) => m) || [];
    const taken = hit ? hit[0] : String.fromCodePoint(rest.codePointAt(0));
    if (hit) {
      flush();
      out.push(make(hit, names));
    } else word += taken;
    fresh = taken.endsWith("\n");
    rest = rest.slice(taken.length);
  }
  flush();
  return out;
}

export const mention = (name) => h("span", { class: "mention" }, name);
export const roomLink = (id, names) => h("a", { class: "mention", href: "#" + id }, "#" + names.channel(id));

function reference(inner, names) {
  const [target, label] = inner.split(/\|(.*)/s);
  if (target.startsWith("@")) return mention("@" + names.user(target.slice(1)));
  if (target.startsWith("#")) return roomLink(target.slice(1), names);
  if (target.startsWith("!subteam^")) return mention("@" + names.group(target.slice(9)));
  if (target.startsWith("!date^")) {
    const [, seconds, format = "", url] = target.split("^");
    return moment(seconds, unescape(format), url && unescape(url), unescape(label || ""));
  }
  if (target.startsWith("!")) return mention("@" + target.slice(1));
  return link(unescape(target), plain(label || target.replace(/^mailto:/, "")));
}
