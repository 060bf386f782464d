// page.js: what the page knows of the workspace, and through whose eyes it looks.

export const page = {
  state: null, // the workspace, as the control interface gives it
  actor: remembered(), // a handle or an ID
  room: "", // the channel that is shown
  home: false, // whether the app's Home is shown instead
  thread: "", // ts of the message whose thread is open
  traffic: false, // whether the traffic is open
  messages: [], // of the room, as the acted-as person sees them
  lead: 0, // ms that the workspace's clock is ahead of the browser's
  next: null, // when something comes due
  look: () => {}, // looks again at once
};

function remembered() {
  const asked = new URLSearchParams(location.search).get("as");
  try { return asked || localStorage.getItem("actor") || "oncall"; } catch { return asked || "oncall"; }
}

export function actAs(id) {
  page.actor = id;
  page.thread = "";
  try { localStorage.setItem("actor", id); } catch { /* private windows forget */ }
}

export const now = () => Date.now() + page.lead;

export const me = () => page.state.users.find((u) => u.name === page.actor || u.id === page.actor) || page.state.users[0];
export const bot = () => page.state.users.find((u) => u.is_bot);
export const room = () => page.state.channels.find((c) => c.id === page.room);
export const sees = (c) => c.members.includes(me().id) || (!c.is_private && !c.is_im);
export const people = () => page.state.users.filter((u) => !u.is_bot);

// nameOf is what a person or an app is called in full.
export const nameOf = (id) => (id === "USLACKBOT" ? "Slackbot" : page.state.users.find((u) => u.id === id)?.real_name || id);

// mayAct tells whether the acted-as person takes part in the room, and mayWrite
// whether they can type there: an app may take no messages.
export const mayAct = () => Boolean(!page.home && room()?.members.includes(me().id) && !room().is_archived);
export const mayWrite = () => mayAct() && !(room().is_im && page.state.messages_tab !== "open");

// names resolves IDs to what people call them.
export const names = {
  user: (id) => (id === "USLACKBOT" ? "Slackbot" : page.state.users.find((u) => u.id === id)?.name || id),
  channel: (id) => page.state.channels.find((c) => c.id === id && sees(c))?.name || "private channel",
  group: (id) => page.state.usergroups.find((g) => g.id === id)?.handle || id,
};

// context is what blocks need to know of the workspace.
export const context = () => ({
  names, people: people(), rooms: page.state.channels.filter((c) => !c.is_im && sees(c)),
});
