// main.js: when the page looks, and what it shows then.

import { get, post, tell } from "./ask.js";
import { beginClock, hear, showBar, showClock } from "./bar.js";
import { beginComposers, showComposer } from "./composer.js";
import { followClock } from "./dates.js";
import { byId } from "./dom.js";
import { showHead } from "./head.js";
import { beginLog, closeThread, showHome, showLog, showThread } from "./log.js";
import { showModals } from "./modal.js";
import { actAs, bot, context, mayWrite, me, now, page, room, sees } from "./page.js";
import { showSidebar } from "./sidebar.js";
import { beginTraffic, followTraffic, showTraffic } from "./traffic.js";
import { begin as beginReading, markRead } from "./unread.js";

// locate finds the channel that the address names, or one to begin with.
async function locate() {
  const want = location.hash.slice(1);
  page.home = want === "home" && page.state.home_tab;
  const c = page.state.channels.find((x) => x.id === want && sees(x));
  if (c) page.room = c.id;
  else if (want === "app" || want === "home") page.room = (await get(`messages?channel=${bot().id}&viewer=${me().id}`)).channel;
  else page.room = page.state.channels.find((x) => x.name === "incidents" && sees(x))?.id || page.state.channels.find(sees).id;
}

async function refresh() {
  page.state = await get("state");
  hear(await get("clock"));
  beginReading();
  await locate();
  if (!room()) page.state = await get("state"); // a direct message was just opened
  page.messages = page.home ? [] : (await get(`messages?channel=${page.room}&viewer=${me().id}`)).messages;
  await followTraffic();
  await released;
  show();
}

function show() {
  showBar();
  showClock();
  showHead();
  if (page.home) showHome();
  else {
    showLog();
    markRead(room());
  }
  showSidebar();
  showThread();
  showComposer();
  showTraffic();
  showModals(page.state.views.filter((v) => v.type === "modal" && v.user === me().id), me().id, context());
}

// A button or a link that is replaced while it is being pressed loses its
// click, so nothing is shown anew between press and release.
let released = Promise.resolve();
function hold(...ends) {
  released = new Promise((done) => {
    for (const end of ends) addEventListener(end, () => setTimeout(done), { once: true, capture: true });
  });
}
// a menu of the browser's own swallows the release, and tells of the choice
addEventListener("pointerdown", () => hold("pointerup", "pointercancel", "change", "keydown"), true);
addEventListener("keydown", (e) => { if (e.key === " " && e.target.matches?.("button")) hold("keyup", "blur"); }, true);

let asked = Promise.resolve();
// look refreshes the page after the refresh that is under way, never beside it.
const look = () => (asked = asked.then(refresh, refresh));
page.look = () => look().catch(() => {}); // who follows tells that nobody answers

async function follow() {
  for (;;) {
    try {
      await look();
      away(false);
      await get(`wait?after=${page.state.version}`);
    } catch {
      away(true);
      await new Promise((again) => setTimeout(again, 1000));
    }
  }
}

// away says whether the sandbox fails to answer; once it does, that is no problem any more.
function away(is) {
  if (!is && !byId("away").hidden) tell("");
  byId("away").hidden = !is;
}

// drawer opens and closes the sidebar where there is no room for it.
const drawer = (open) => {
  const was = document.body.classList.contains("drawer");
  document.body.classList.toggle("drawer", open);
  byId("show-sidebar").setAttribute("aria-expanded", open);
  if (open) byId("sidebar").querySelector("a").focus();
  else if (was) byId("show-sidebar").focus();
};

// visit tells the app that its Home is opened, where it is.
async function visit() {
  if (location.hash !== "#home") return;
  if (!page.state) await look();
  if (page.state.home_tab) await post("home", { user: me().id });
}

followClock(now);
beginClock();
beginComposers();
beginLog();
beginTraffic();
byId("actor").addEventListener("change", (e) => { actAs(e.target.value); tell(""); visit().then(page.look); });
byId("skip").addEventListener("click", (e) => { e.preventDefault(); byId("composer").focus(); });
byId("close-thread").addEventListener("click", closeThread);
byId("thread").addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.defaultPrevented) closeThread(); });
for (const part of [byId("sidebar"), document.querySelector("main")]) part.addEventListener("click", () => drawer(false));
byId("sidebar").addEventListener("keydown", (e) => { if (e.key === "Escape") drawer(false); });
byId("show-sidebar").addEventListener("click", () => drawer(!document.body.classList.contains("drawer")));
addEventListener("hashchange", async () => {
  page.thread = "";
  drawer(false);
  tell("");
  await visit();
  await page.look();
  if (mayWrite() && !matchMedia("(pointer: coarse)").matches) byId("composer").focus(); // on a phone a keyboard would pop up
});
visit().then(follow, follow);
