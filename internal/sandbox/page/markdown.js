// markdown.js: the standard Markdown of markdown blocks, shown.

import { h } from "./dom.js";
import { link } from "./links.js";
import { references, scan } from "./mrkdwn.js";

const inline = (s, names) => scan(s, marks, names);

const marks = [
  [/^`([^`]+)`/, (m) => h("code", {}, m[1])],
  [/^!?\[([^\]]*)\]\(([^)\s]+)\)/, (m, names) => link(m[2], inline(m[1], names))],
  ...references,
  [/^(\*\*|__)(?=\S)(.+?)\1/, (m, names) => h("strong", {}, inline(m[2], names))],
  [/^([*_])(?=\S)(.+?)\1(?![\p{L}\p{N}])/u, (m, names) => h("em", {}, inline(m[2], names)), "word"],
  [/^~~(.+?)~~/, (m, names) => h("del", {}, inline(m[1], names))],
];

const begins = /^(```|#{1,6} |> ?|\s*[-*+] |\s*\d+[.)] |(?:-{3,}|\*{3,})\s*$|\s*$)/;

// markdown turns lines into nodes: each kind takes the lines that belong to it.
export function markdown(source, names) {
  const out = [], lines = source.split("\n");
  const take = (re) => {
    const taken = [];
    while (lines.length && re.test(lines[0])) taken.push(lines.shift().replace(re, ""));
    return taken;
  };
  const list = (tag, re) => h(tag, {}, take(re).map((item) =>
    h("li", {}, inline(item.replace(/^\[([ x])\] /, (_, done) => (done === "x" ? "☑ " : "☐ ")), names))));
  while (lines.length) {
    const line = lines[0];
    const heading = /^(#{1,6}) +(.*?)#*\s*$/.exec(line);
    if (/^```/.test(line)) {
      lines.shift();
      out.push(h("pre", {}, take(/^(?!```)/).join("\n")));
      lines.shift();
    } else if (heading) {
      lines.shift();
      out.push(h(heading[1].length < 3 ? "h3" : "h4", {}, inline(heading[2], names)));
    } else if (/^(-{3,}|\*{3,})\s*$/.test(line)) {
      lines.shift();
      out.push(h("hr"));
    } else if (/^>/.test(line)) out.push(h("blockquote", {}, markdown(take(/^> ?/).join("\n"), names)));
    else if (/^\s*[-*+] /.test(line)) out.push(list("ul", /^\s*[-*+] /));
    else if (/^\s*\d+[.)] /.test(line)) out.push(list("ol", /^\s*\d+[.)] /));
    else if (!line.trim()) lines.shift();
    else {
      const paragraph = [lines.shift()];
      while (lines.length && !begins.test(lines[0])) paragraph.push(lines.shift());
      out.push(h("p", {}, inline(paragraph.join("\n"), names)));
    }
  }
  return out;
}
