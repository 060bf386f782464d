// Package sandbox is a strict local Slack workspace.
//
// It speaks Slack's Web API and Socket Mode over real HTTP and WebSocket, so that
// a bot connects to it exactly as it would to Slack, and it refuses what Slack
// refuses, with Slack's own error codes. The same listener serves a page for
// people at / and a control interface under /sandbox/v1/, with which the page and
// the tests run commands, click buttons, submit modals and move the clock.
//
//	bot ── /api/METHOD ──► webapi ─────────────┐
//	bot ◄─ socket ◄────── socketmode ◄─ events ┤
//	tests ── /sandbox/v1/… ──► control/server ─┤ workspace: one state, one lock
//	people ── page's script ───────┘           │
//	people ◄─ document ◄── page ◄──────────────┘
//
// This package only puts the parts together. Their imports point one way, and no
// part imports another of its row:
//
//	sandbox
//	webapi      Slack's Web API and response URLs: arguments, scopes, limits, methods
//	control/server  what people do, and what scripts read
//	page        what people see
//	socketmode  the bot's sockets: envelopes, acks, retried events
//	workspace   channels, messages, views and people, and what can be done with them
//	faults      what goes wrong on request
//	traffic     what passed between the workspace and its clients
//	clock       a clock that can be moved, and who moves it
//	blockkit    layouts, checked as Slack checks them
//	refusal     a refusal in Slack's words
//	control     the types of the control interface, and its client
//
// sandboxtest drives a sandbox from tests, and clients has Slack's own clients
// prove it. Nothing here knows the bot that it serves.
//
// Whoever works on the workspace holds its lock, and never waits with it; what
// must wait (an acknowledgement, a long poll, the bot that the clock moves) waits
// outside it. Answers are written after the lock is released, so what they refer
// to (blocks, metadata, members) is replaced as a whole when it changes, never
// written into.
package sandbox
