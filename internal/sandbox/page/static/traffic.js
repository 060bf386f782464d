// traffic.js: the details of the traffic, and the form that adds a fault.

import { get, post } from "./api.js";

const narrows = (kind) => kind.selectedOptions[0].parentElement.dataset.narrows;

// fit shows what the chosen kind of fault can be narrowed to, and its figures.
function fit({ kind, of, delay, retry_after }) {
  of.disabled = !narrows(kind);
  for (const figure of [delay, retry_after]) {
    figure.value = kind.selectedOptions[0].dataset[figure.name] ?? "";
    figure.parentElement.hidden = !figure.value;
  }
}

async function addFault({ kind, of, count, share, delay, retry_after }) {
  const only = narrows(kind) && of.value.trim();
  await post("faults", {
    kind: kind.value, count: Number(count.value), share: Number(share.value) / 100,
    ...(only && { [narrows(kind)]: only }),
    ...(delay.value && { delay: `${delay.value}s` }),
    ...(retry_after.value && { retry_after: Number(retry_after.value) }),
  });
}

// loadDetail fetches an entry's detail when it is opened.
async function loadDetail(e) {
  const n = e.target.dataset?.n, content = e.target.querySelector?.("pre");
  if (!n || !e.target.open || content.textContent) return;
  const { entries } = await get(`traffic?after=${n - 1}&limit=1`);
  content.textContent = JSON.stringify(entries[0]?.detail ?? null, null, 2);
}

export function beginTraffic() {
  document.addEventListener("change", (e) => { if (e.target.matches("#fault-form [name=kind]")) fit(e.target.form.elements); });
  document.addEventListener("submit", (e) => {
    if (e.target.id !== "fault-form") return;
    e.preventDefault();
    addFault(e.target.elements);
  });
  document.addEventListener("toggle", loadDetail, true);
}
