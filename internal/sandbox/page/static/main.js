// main.js: refreshes the page when something changes, and moves between places.
//
// The page is drawn by the sandbox. This script fetches the same address again and
// puts in what is new; it holds nothing of the workspace itself.

import { byId, get, post, showProblem } from "./api.js";
import { beginComposers, showDrafts } from "./composer.js";
import { beginUserActions, showModal } from "./user-actions.js";
import { beginFields } from "./fields.js";
import { beginLog, placed } from "./log.js";
import { morph } from "./morph.js";
import { beginMenus } from "./popup.js";
import { beginTraffic } from "./traffic.js";

const place = () => location.pathname + new URLSearchParams(location.search).get("as");

// What was unread when a channel was opened stays marked as new while it is open.
let opened = { place: place(), since: byId("messages").dataset.since };

async function refresh() {
  const address = new URL(location), from = location.href;
  if (opened.place === place()) address.searchParams.set("since", opened.since || "");
  const answer = await fetch(address), text = await answer.text();
  if (location.href !== from) return; // who went on meanwhile looks again
  if (answer.redirected) history.replaceState(null, "", answer.url);
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (!fresh.getElementById("messages")) throw new Error("not a page");
  show(fresh);
}

function show(fresh) {
  const arrive = ["messages", "thread-log"].map(placed);
  const focused = document.activeElement, around = focused?.closest("article, dialog, aside, main");
  lead = new Date(fresh.getElementById("now").dateTime) - Date.now();
  document.title = fresh.title;
  morph(document.body, fresh.body);
  for (const there of arrive) there();
  showDrafts();
  showModal();
  tick();
  if (goal) goOn();
  if (!focused?.isConnected && around?.isConnected && document.activeElement === document.body) around.focus();
  const log = byId("messages");
  if (opened.place !== place()) opened = { place: place(), since: log.dataset.since };
  if (Number(log.dataset.unread) && !document.hidden) post("read", { user: document.body.dataset.viewer, channel: document.body.dataset.channel });
}

let asked = Promise.resolve();
// refreshNext refreshes the page after the refresh under way, never beside it.
const refreshNext = () => (asked = asked.then(refresh, refresh));

async function follow() {
  for (;;) {
    try {
      await get(`wait?after=${document.body.dataset.version}&timeout=10s`);
      await refreshNext();
      away(false);
    } catch {
      away(true);
      await new Promise((again) => setTimeout(again, 1000));
      await refreshNext().then(() => away(false), () => {});
    }
  }
}

// away says whether the sandbox fails to answer; once it does, that is no problem any more.
function away(is) {
  if (!is && !byId("away").hidden) showProblem("");
  byId("away").hidden = !is;
}

let lead = new Date(byId("now").dateTime) - Date.now(); // ms that the workspace's clock is ahead of the browser's

function tick() {
  const now = new Date(Date.now() + lead);
  byId("now").dateTime = now.toISOString();
  byId("now").textContent = now.toLocaleString("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

let goal = ""; // the ID of what has the focus once the address is shown

// go opens an address, where the person goes on at what has the ID.
async function go(address, id) {
  history.pushState(null, "", address);
  await arrived(id);
}

// goOn puts the focus at the goal: as soon as that is there to be seen, keys are
// meant for it.
function goOn() {
  const to = byId(goal);
  if (to && !(goal === "composer" && matchMedia("(pointer: coarse)").matches)) to.focus(); // on a phone a keyboard would pop up
  goal = "";
}

async function arrived(id) {
  goal = id;
  drawer(false);
  showProblem("");
  await visit();
  await refreshNext().catch(() => {}); // who follows tells that nobody answers
}

// visit tells the app that somebody opens its Home.
async function visit() {
  const as = new URLSearchParams(location.search).get("as");
  if (location.pathname === "/home") await post("home", { user: as || document.body.dataset.viewer });
}

// drawer opens and closes the sidebar where there is no room for it.
function drawer(open) {
  const was = document.documentElement.classList.contains("drawer");
  document.documentElement.classList.toggle("drawer", open);
  byId("show-sidebar").setAttribute("aria-expanded", open);
  if (open) byId("sidebar").querySelector("a").focus();
  else if (was) byId("show-sidebar").focus();
}

document.addEventListener("click", (e) => {
  const a = e.target.closest("a[href]");
  const href = a?.getAttribute("href");
  if (!a || a.target || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  if (href.startsWith("#")) byId(href.slice(1))?.focus();
  else go(href, a.dataset.focus);
});
document.addEventListener("keydown", (e) => {
  if (e.key === " " && e.target.matches("a[role=button]")) { e.preventDefault(); e.target.click(); }
  if (e.key !== "Escape" || e.defaultPrevented) return;
  if (e.target.closest("#sidebar")) drawer(false);
  else e.target.closest("aside")?.querySelector("header a").click(); // closes the pane
});
document.addEventListener("input", (e) => {
  const form = e.target.form;
  if (form?.id !== "traffic-form") return;
  history.replaceState(null, "", `${location.pathname}?${new URLSearchParams([...new FormData(form)].filter(([, v]) => v))}`);
  refreshNext().catch(() => {});
});
document.addEventListener("submit", (e) => { if (e.target.id === "traffic-form") e.preventDefault(); });
byId("actor").addEventListener("change", (e) => {
  const address = new URL(location);
  address.searchParams.set("as", e.target.value);
  address.searchParams.delete("thread");
  go(address);
});
byId("show-sidebar").addEventListener("click", () => drawer(!document.documentElement.classList.contains("drawer")));
for (const part of [byId("sidebar"), document.querySelector("main")]) part.addEventListener("click", () => drawer(false));
addEventListener("popstate", () => arrived());

beginMenus();
beginFields();
beginUserActions();
beginComposers();
beginLog();
beginTraffic();
showModal();
setInterval(tick, 1000);
visit().then(refreshNext).catch(() => {}).then(follow);
