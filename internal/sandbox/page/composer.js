// composer.js: typing messages and commands.

import { post, tell } from "./ask.js";
import { completions } from "./complete.js";
import { byId, glyph } from "./dom.js";
import { toEnd } from "./log.js";
import { bot, mayAct, mayWrite, me, page, room } from "./page.js";
import { listbox, menu } from "./popup.js";

// composing makes a form send what is typed into its text field; thread gives
// the ts of the message that it answers, if any.
function composing(form, thread) {
  const box = form.querySelector("textarea");
  const status = form.querySelector("[role=status]");
  const list = listbox(box, "Suggestions", ({ text }) => {
    const { from } = completions(box.value, box.selectionStart);
    box.setRangeText(text + " ", from, box.selectionStart, "end");
    suggest();
  });
  const suggest = () => {
    const at = document.activeElement === box ? completions(box.value, box.selectionStart) : null;
    status.textContent = at ? `${at.list.length} suggestions, arrow keys to choose` : "";
    if (at) list.show(at.list, at.first);
    else list.hide();
  };
  box.addEventListener("input", suggest);
  box.addEventListener("keydown", (e) => {
    if (list.key(e)) return;
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const text = box.value.trim();
    if (!text || refused(text, thread())) return;
    list.hide();
    box.value = "";
    toEnd(form.parentElement.querySelector(".log")); // where the answer comes
    const answer = await send(text, thread());
    if (!answer.ok && !box.value) box.value = text; // nobody types a message twice
  });
}

const commandIn = (text) => page.state.commands.find((c) => c.command === text.split(/\s/)[0]);

function refused(text, thread) {
  if (!text.startsWith("/")) return false;
  const word = text.split(/\s/)[0];
  if (!commandIn(text)) tell(`${word} is not a command here. This app has ${page.state.commands.map((c) => c.command).join(", ")}.`);
  else if (thread) tell(`${word} does not work in threads. Type it in the channel.`);
  else return false;
  return true;
}

function send(text, thread) {
  const body = { user: me().id, channel: page.room };
  const command = commandIn(text)?.command;
  if (command) return post("command", { ...body, command, text: text.slice(command.length).trim() });
  return post("message", { ...body, text, ...(thread ? { thread_ts: thread } : {}) });
}

// beginComposers brings both composers to life, once.
export function beginComposers() {
  composing(byId("composer-form"), () => "");
  composing(byId("thread-form"), () => page.thread);
  byId("composer").before(menu("Shortcuts", glyph("bolt"), () =>
    page.state.shortcuts.filter((s) => s.type === "global").map((s) =>
      [s.name, () => post("shortcut", { user: me().id, callback_id: s.callback_id })])));
}

const drafts = new Map(); // what was begun elsewhere, by place

// changePlace keeps what was typed for where it was typed: whose message to where.
function changePlace(box, ...place) {
  const here = place.join(), was = box.dataset.place;
  if (here === was) return;
  if (was) {
    drafts.set(was, box.value);
    box.value = drafts.get(here) || "";
  }
  box.dataset.place = here;
}

export function showComposer() {
  const c = room(), box = byId("composer");
  changePlace(box, me().id, page.room);
  changePlace(byId("thread-composer"), me().id, page.room, page.thread);
  byId("composer-form").hidden = !mayWrite();
  byId("shut").hidden = !mayAct() || mayWrite();
  byId("composer-form").querySelector("[aria-haspopup=menu]").hidden = !page.state.shortcuts.some((s) => s.type === "global");
  const commands = page.state.commands.map((k) => k.command).join(", ");
  box.placeholder = c ? `Message ${c.is_im ? bot().real_name : "#" + c.name}${commands ? `, or type ${commands}` : ""}` : "";
}
