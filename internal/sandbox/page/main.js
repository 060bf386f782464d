// main.js: when the page looks, and what it shows then.

import { get, post, tell } from "./ask.js";
import { beginClock, hear, showBar, showClock } from "./bar.js";
import { beginComposers, showComposer } from "./composer.js";
import { byId } from "./dom.js";
import { showHead } from "./head.js";
import { closeThread, showHome, showLog, showThread, walkable } from "./log.js";
import { showModals } from "./modal.js";
import { followClock } from "./mrkdwn.js";
import { actAs, bot, context, me, now, page, room, sees } from "./page.js";
import { showSidebar } from "./sidebar.js";
import { beginTraffic, followTraffic, showTraffic } from "./traffic.js";
import { begin as beginReading, markRead } from "./unread.js";

// locate finds the channel that the address names, or one to begin with.
async function locate() {
  const want = location.hash.slice(1);
  page.home = want === "home";
  const c = page.state.channels.find((x) => x.id === want && sees(x));
  if (c) page.room = c.id;
  else if (want === "app" || page.home) page.room = (await get(`messages?channel=${bot().id}&viewer=${me().id}`)).channel;
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
page.look = look;

async function follow() {
  for (;;) {
    try {
      await look();
      await get(`wait?after=${page.state.version}`);
      document.body.classList.remove("away");
    } catch {
      document.body.classList.add("away");
      await new Promise((again) => setTimeout(again, 1000));
    }
  }
}

const drawer = (open) => {
  document.body.classList.toggle("drawer", open);
  byId("show-sidebar").setAttribute("aria-expanded", open);
};

followClock(now);
beginClock();
beginComposers();
beginTraffic();
walkable(byId("messages"));
walkable(byId("thread-log"));
byId("actor").addEventListener("change", (e) => { actAs(e.target.value); look(); });
byId("close-thread").addEventListener("click", closeThread);
byId("thread").addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.defaultPrevented) closeThread(); });
byId("sidebar").addEventListener("click", () => drawer(false));
byId("sidebar").addEventListener("keydown", (e) => { if (e.key === "Escape") drawer(false); });
byId("show-sidebar").addEventListener("click", () => drawer(!document.body.classList.contains("drawer")));
addEventListener("hashchange", async () => {
  page.thread = "";
  drawer(false);
  tell("");
  if (location.hash === "#home") await post("home", { user: me().id });
  look();
});
follow();
