// composer.js: writing messages and commands.

import { byId, post, showProblem } from "./api.js";
import { toEnd } from "./log.js";
import { listbox } from "./popup.js";

// What can be completed stands in the page: commands, "/command subcommand",
// "@name" and "#channel".
const offered = () => [...byId("completions").options].map((o) => ({ text: o.value, note: o.label === o.value ? "" : o.label }));
const commands = () => offered().filter((o) => /^\/\S+$/.test(o.text));

// completions gives where the word before the caret begins and the options for
// it; null where there are none.
function completions(text, caret) {
  const before = text.slice(0, caret);
  const word = /^\/\S*$/.exec(before)?.[0];
  if (word) return found(word, caret, commands());
  const [, command, part] = /^(\/\S+)\s+(\S*)$/.exec(before) || [];
  if (command && !/^[@#]/.test(part)) {
    return found(part, caret, offered().filter((o) => o.text.startsWith(command + " ")).map((o) => ({ text: o.text.slice(command.length + 1) })));
  }
  const name = /(?:^|[\s(,;:])([@#][\p{L}\p{N}._-]*)$/u.exec(before)?.[1];
  return name ? found(name, caret, offered().filter((o) => o.text[0] === name[0])) : null;
}

// found keeps the options that go on from what was typed, or whose note has a
// word that does; those that begin so come first. One that is typed in full needs
// no help. Enter takes the first: of names always, as a bare @ mentions
// nobody, and of commands where one was begun, as the full one can be sent.
function found(typed, caret, options) {
  const want = typed.toLowerCase().replace(/^[@#]/, "");
  const begins = (o) => o.text.toLowerCase().startsWith(typed.toLowerCase());
  const noted = (o) => (o.note || "").toLowerCase().split(/[\s(]+/).some((w) => want && w.startsWith(want));
  const list = [...options.filter(begins), ...options.filter((o) => !begins(o) && noted(o))];
  const full = list[0]?.text === typed;
  if (!list.length || (full && list.length === 1)) return null;
  return { from: caret - typed.length, list: list.map((o) => ({ label: o.text, ...o })), first: /^[@#]/.test(typed) || (typed && !full) ? 0 : -1 };
}

const suggestions = (box) => listbox(box, ({ text }) => {
  box.setRangeText(text + " ", completions(box.value, box.selectionStart).from, box.selectionStart, "end");
  typed(box);
});

function suggest(box) {
  const at = document.activeElement === box ? completions(box.value, box.selectionStart) : null;
  box.form.querySelector("[role=status]").textContent = at ? `${at.list.length} suggestions, arrow keys to choose` : "";
  if (at) suggestions(box).show(at.list, at.first);
  else suggestions(box).hide();
}

const drafts = new Map(); // what was begun, by whose view of which place

function typed(box) {
  drafts.set(box.form.dataset.place, box.value);
  suggest(box);
}

// showDrafts puts what was begun in a place back when that place is shown again.
export function showDrafts() {
  for (const box of document.querySelectorAll(".composer textarea")) {
    const { place } = box.form.dataset;
    if (box.place !== place) box.value = drafts.get(place) || "";
    box.place = place;
  }
}

// refused shows why a text cannot be sent.
function refused(text, thread) {
  const word = text.split(/\s/)[0], known = commands().map((c) => c.text);
  if (!text.startsWith("/")) return false;
  if (!known.includes(word)) showProblem(`${word} isn't a command of this app. It has ${known.join(", ")}.`);
  else if (thread) showProblem(`${word} doesn't work in a thread. Run it in the channel.`);
  else return false;
  return true;
}

async function sent(e) {
  if (!e.target.matches(".composer")) return;
  e.preventDefault();
  const box = e.target.querySelector("textarea"), text = box.value.trim(), { thread, place } = e.target.dataset;
  if (!text || refused(text, thread)) return;
  const command = text.startsWith("/") && text.split(/\s/)[0];
  suggestions(box).hide();
  box.value = "";
  drafts.delete(place);
  toEnd(e.target.parentElement.querySelector(".log")); // where the answer comes
  const from = { user: document.body.dataset.viewer, channel: document.body.dataset.channel };
  const answer = await (command
    ? post("command", { ...from, command, text: text.slice(command.length).trim() })
    : post("message", { ...from, text, ...(thread ? { thread_ts: thread } : {}) }));
  if (answer.ok) return;
  drafts.set(place, text); // nobody types a message twice
  if (box.place === place && !box.value) box.value = text;
}

// beginComposers listens to what is typed, in the channel and in threads.
export function beginComposers() {
  const composing = (handle) => (e) => { if (e.target.matches(".composer textarea")) handle(e.target, e); };
  document.addEventListener("input", composing(typed));
  document.addEventListener("focusout", composing((box) => suggestions(box).hide()));
  document.addEventListener("keydown", composing((box, e) => {
    if (suggestions(box).key(e)) return;
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); box.form.requestSubmit(); }
  }));
  document.addEventListener("submit", sent);
  showDrafts();
}
