// complete.js: what can be completed where the person is typing.

import { bot, page, people, sees } from "./page.js";

// completions gives where the word before the caret begins, what was typed of
// it, and the options for it; null where there are none.
export function completions(text, caret) {
  const before = text.slice(0, caret);
  const word = /^\/\S*$/.exec(before)?.[0];
  if (word) return found(word, caret, commands());
  const [, command, part] = /^(\/\S+)\s+(\S*)$/.exec(before) || [];
  if (command && !/^[@#]/.test(part)) return found(part, caret, subcommands(command));
  const name = /(?:^|[\s(,;:])([@#][\p{L}\p{N}._-]*)$/u.exec(before)?.[1];
  return name ? found(name, caret, name[0] === "@" ? mentions() : rooms()) : null;
}

// found keeps the options that go on from what was typed, or whose note has a
// word that does; those that begin so come first. One that is typed in full needs no help.
function found(typed, caret, options) {
  const want = typed.toLowerCase().replace(/^[@#]/, "");
  const begins = (o) => o.text.toLowerCase().startsWith(typed.toLowerCase());
  const noted = (o) => (o.note || "").toLowerCase().split(/[\s(]+/).some((w) => want && w.startsWith(want));
  const list = [...options.filter(begins), ...options.filter((o) => !begins(o) && noted(o))];
  const full = list[0]?.text === typed;
  if (!list.length || (full && list.length === 1)) return null;
  return { from: caret - typed.length, list: list.map((o) => ({ label: o.text, ...o })), first: want && want !== "/" && !full ? 0 : -1 };
}

const commands = () => page.state.commands.map((c) => ({ text: c.command, note: c.description }));

// A usage hint lists the subcommands: [declare|ack|update].
function subcommands(command) {
  const hint = page.state.commands.find((c) => c.command === command)?.usage_hint || "";
  const list = /[[(<{]([^\])>}]*\|[^\])>}]*)/.exec(hint)?.[1] || "";
  return list.split("|").map((w) => w.trim().split(/\s/)[0]).filter(Boolean).map((text) => ({ text }));
}

const mentions = () => [
  ...people().map((u) => ({ text: "@" + u.name, note: `${u.real_name}, ${u.title}` })),
  { text: "@" + bot().name, note: "App" },
  ...page.state.usergroups.map((g) => ({ text: "@" + g.handle, note: `Group: ${g.name}` })),
];

const rooms = () => page.state.channels.filter((c) => !c.is_im && !c.is_archived && sees(c))
  .map((c) => ({ text: "#" + c.name, note: c.is_private ? "private" : "" }));
