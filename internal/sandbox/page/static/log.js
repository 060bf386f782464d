// log.js: where the reader is in a channel's messages.

import { byId } from "./api.js";

export const toEnd = (log) => { log.scrollTop = log.scrollHeight; };
const isLow = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
const last = (log) => [...log.children].findLast((c) => c.tagName === "ARTICLE");

// placed remembers where the reader is, and gives what takes them there once there
// is more: to the end, if they were there, or to what is new in another channel.
// To who reads further up it offers the way down.
export function placed(id) {
  const log = byId(id), was = log ? { place: log.dataset.place, low: isLow(log), newest: last(log)?.id } : {};
  return () => {
    const now = byId(id);
    if (!now) return;
    const switched = now.dataset.place !== was.place || now !== log, grew = last(now) && last(now).id !== was.newest;
    if (switched || was.low || (grew && last(now).dataset.user === document.body.dataset.viewer)) toEnd(now);
    if (switched) now.querySelector(".divider.new")?.scrollIntoView({ block: "start" });
    if (id !== "messages") return;
    if (switched || isLow(now)) byId("latest").hidden = true;
    else if (grew) byId("latest").hidden = false;
  };
}

// beginLog has the way down be offered only while there is one. Who was at the
// end stays there when there is less room, as for a longer text below.
export function beginLog() {
  let low = true;
  const log = byId("messages");
  log.addEventListener("scroll", () => {
    low = isLow(log);
    if (low) byId("latest").hidden = true;
  });
  new ResizeObserver(() => { if (low) toEnd(log); }).observe(log);
  byId("latest").addEventListener("click", () => {
    toEnd(log);
    log.focus();
  });
  for (const each of document.querySelectorAll(".log")) toEnd(each);
  log.querySelector(".divider.new")?.scrollIntoView({ block: "start" });
  document.addEventListener("keydown", walk);
}

// walk lets the arrow keys go from message to message.
function walk(e) {
  const log = e.target.closest(".log"), step = { ArrowUp: -1, ArrowDown: 1 }[e.key];
  if (!log || !step || !e.target.matches(".log, article")) return; // within a message the keys are its own
  const all = [...log.querySelectorAll("article")];
  const to = e.target === log ? all.at(-1) : all[all.indexOf(e.target) + step];
  if (!to) return;
  e.preventDefault();
  to.focus();
  to.scrollIntoView({ block: "nearest" });
}
