// links.js: addresses that lead out of the page.

import { h } from "./dom.js";

// What anybody can write into a message must not run as a script.
const leads = (url) => /^(https?|mailto):/i.test(url);

export const link = (url, ...label) => h("a", { href: leads(url) ? url : null, rel: "noopener", target: "_blank" }, ...label);

export const follow = (url) => { if (leads(url)) window.open(url, "_blank", "noopener"); };
