// dates.js: moments as the reader's own time, by Slack's date formats.

import { h } from "./dom.js";
import { link } from "./links.js";

// The workspace's clock may be ahead of the browser's.
let workspaceNow = () => Date.now();
export const followClock = (now) => { workspaceNow = now; };

// moment shows a Unix time in seconds by a format such as "{date_short} at {time}".
export function moment(seconds, format, url, fallback) {
  const at = new Date(Number(seconds) * 1000);
  if (isNaN(at)) return fallback || "";
  const text = format.replace(/\{[a-z_]+\}/g, (token) => parts[token]?.(at) ?? token);
  const shown = h("time", { datetime: at.toISOString(), title: at.toString() }, text);
  return url ? link(url, shown) : shown;
}

const day = (at, style) => at.toLocaleDateString("en-GB", { day: "numeric", year: "numeric", ...style });
const long = { month: "long" }, short = { month: "short" }, full = { month: "long", weekday: "long" };

// near is the word for a day around now, if there is one.
function near(at) {
  const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date(workspaceNow()).setHours(0, 0, 0, 0)) / 864e5);
  return { 0: "today", 1: "tomorrow", "-1": "yesterday" }[days];
}

const parts = {
  "{date_num}": (at) => at.toLocaleDateString("sv-SE"),
  "{date}": (at) => day(at, long),
  "{date_short}": (at) => day(at, short),
  "{date_long}": (at) => day(at, full),
  "{date_pretty}": (at) => near(at) || day(at, long),
  "{date_short_pretty}": (at) => near(at) || day(at, short),
  "{date_long_pretty}": (at) => near(at) || day(at, full),
  "{time}": (at) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }),
  "{time_secs}": (at) => at.toLocaleTimeString("en-GB"),
  "{ago}": ago,
};

function ago(at) {
  const minutes = Math.round((workspaceNow() - at) / 6e4);
  if (Math.abs(minutes) < 60) return minutes < 0 ? `in ${-minutes} min` : `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 0 ? `in ${-hours} h` : `${hours} h ago`;
}
