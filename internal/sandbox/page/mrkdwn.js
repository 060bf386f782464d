// mrkdwn.js: Slack's markup, shown.

import { h } from "./dom.js";

const emoji = {
  rotating_light: "🚨", bar_chart: "📊", white_check_mark: "✅", warning: "⚠️", fire: "🔥", eyes: "👀", tada: "🎉",
  hourglass: "⌛", alarm_clock: "⏰", bell: "🔔", lock: "🔒", memo: "📝", pushpin: "📌", link: "🔗", x: "❌",
  heavy_check_mark: "✔️", red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢",
  large_blue_circle: "🔵", white_circle: "⚪", arrow_up: "⬆️", thumbsup: "👍", "+1": "👍", wave: "👋", question: "❓",
  information_source: "ℹ️", construction: "🚧", mag: "🔍", phone: "☎️", calendar: "📅", rocket: "🚀", stopwatch: "⏱️",
};

const unescape = (s) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

export const plain = (s) => unescape(s).replace(/:([a-z0-9_+-]+):/g, (all, name) => emoji[name] || all);

// text shows a text object.
export const text = (t, names) => (!t ? [] : t.type === "mrkdwn" ? mrkdwn(t.text, names) : [plain(t.text)]);

// The order matters: what is code is nothing else, and a reference is one thing.
const marks = [
  [/^```\n?([\s\S]*?)\n?```/, (m) => h("pre", {}, unescape(m[1]))],
  [/^`([^`\n]+)`/, (m) => h("code", {}, unescape(m[1]))],
  [/^<([^<>\n]+)>/, (m, names) => reference(m[1], names)],
  [/^\*(?=\S)([^*\n]*?\S)\*(?![\p{L}\p{N}])/u, (m, names) => h("strong", {}, mrkdwn(m[1], names))],
  [/^_(?=\S)([^_\n]*?\S)_(?![\p{L}\p{N}])/u, (m, names) => h("em", {}, mrkdwn(m[1], names))],
  [/^~(?=\S)([^~\n]*?\S)~(?![\p{L}\p{N}])/u, (m, names) => h("del", {}, mrkdwn(m[1], names))],
  [/^:([a-z0-9_+-]+):/, (m) => emoji[m[1]] || m[0]],
  [/^\n/, () => h("br")],
];

// mrkdwn turns markup into nodes; names resolves IDs to what people call them.
export function mrkdwn(text, names) {
  const out = [];
  let word = "";
  const flush = () => { if (word) out.push(unescape(word)); word = ""; };
  for (let rest = text, fresh = true; rest;) {
    const quote = fresh && /^(?:&gt;|>) ?([^\n]*)\n?/.exec(rest);
    if (quote) {
      flush();
      out.push(h("blockquote", {}, mrkdwn(quote[1], names)));
      rest = rest.slice(quote[0].length);
      continue;
    }
    const inWord = /[\p{L}\p{N}]$/u.test(word);
    const hit = marks.map(([re, make]) => [re.exec(rest), make]).find(([m]) => m && !(inWord && /^[*_~]/.test(m[0])));
    if (hit) {
      flush();
      out.push(hit[1](hit[0], names));
      fresh = hit[0][0].endsWith("\n");
      rest = rest.slice(hit[0][0].length);
    } else {
      const c = String.fromCodePoint(rest.codePointAt(0));
      word += c;
      rest = rest.slice(c.length);
      fresh = false;
    }
  }
  flush();
  return out;
}

function reference(inner, names) {
  const [target, label] = inner.split(/\|(.*)/s);
  const mention = (text) => h("span", { class: "mention" }, text);
  if (target.startsWith("@")) return mention("@" + names.user(target.slice(1)));
  if (target.startsWith("#")) return h("a", { class: "mention", href: "#" + target.slice(1) }, "#" + names.channel(target.slice(1)));
  if (target.startsWith("!subteam^")) return mention("@" + names.group(target.slice(9)));
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return mention("@" + target.slice(1));
  return h("a", { href: /^(https?|mailto):/.test(target) ? unescape(target) : null, rel: "noopener", target: "_blank" },
    unescape(label || target));
}

// date shows <!date^SECONDS^FORMAT^LINK|fallback> in the reader's own time.
function date(target, fallback) {
  const [, seconds, format = "", link] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (isNaN(at)) return unescape(fallback || "");
  const day = (style) => at.toLocaleDateString("en-GB", style);
  const near = () => {
    const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date(workspaceNow()).setHours(0, 0, 0, 0)) / 864e5);
    return { 0: "today", 1: "tomorrow", "-1": "yesterday" }[days];
  };
  const parts = {
    "{date_num}": () => at.toLocaleDateString("sv-SE"),
    "{date}": () => day({ day: "numeric", month: "long", year: "numeric" }),
    "{date_short}": () => day({ day: "numeric", month: "short", year: "numeric" }),
    "{date_long}": () => day({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    "{date_pretty}": () => near() || day({ day: "numeric", month: "long", year: "numeric" }),
    "{date_short_pretty}": () => near() || day({ day: "numeric", month: "short", year: "numeric" }),
    "{date_long_pretty}": () => near() || day({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    "{time}": () => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }),
    "{time_secs}": () => at.toLocaleTimeString("en-GB"),
    "{ago}": () => ago(at),
  };
  const text = format.replace(/\{[a-z_]+\}/g, (token) => (parts[token] ? parts[token]() : token));
  const shown = h("time", { datetime: at.toISOString(), title: at.toString() }, text);
  return link ? h("a", { href: link, rel: "noopener", target: "_blank" }, shown) : shown;
}

function ago(at) {
  const minutes = Math.round((workspaceNow() - at) / 6e4);
  if (Math.abs(minutes) < 60) return minutes < 0 ? `in ${-minutes} min` : `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 0 ? `in ${-hours} h` : `${hours} h ago`;
}

// The workspace's clock may be ahead of the browser's.
let workspaceNow = () => Date.now();
export const followClock = (now) => { workspaceNow = now; };
