// unread.js: what each person has read, for as long as the browser's tab lives.

import { me, page } from "./page.js";

let read = recall(); // { first: { channel: messages }, [person]: { channel: messages } }

function recall() {
  try { return JSON.parse(sessionStorage.getItem("read")); } catch { return null; }
}

function keep() {
  try { sessionStorage.setItem("read", JSON.stringify(read)); } catch { /* private windows forget */ }
}

// begin takes what is there when the page is first opened as read by everybody.
// Nobody has read more than there is: messages go, and the workspace may begin anew.
export function begin() {
  const there = Object.fromEntries(page.state.channels.map((c) => [c.id, c.messages]));
  read ??= { first: there };
  for (const seen of Object.values(read)) for (const id in seen) seen[id] = Math.min(seen[id], there[id] ?? 0);
  keep();
}

const readOf = (c) => read[me().id]?.[c.id] ?? read.first[c.id] ?? 0;

// unread counts what the acted-as person has not read in a channel.
export const unread = (c) => c.messages - readOf(c);

// firstUnread is the ts of the oldest message that is not read, or "".
export const firstUnread = (c, messages) => messages.filter((m) => !m.ephemeral_to)[readOf(c)]?.ts || "";

export function markRead(c) {
  read[me().id] = { ...read[me().id], [c.id]: c.messages };
  keep();
}
