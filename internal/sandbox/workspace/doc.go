// Package workspace is the state of one Slack workspace, and what can be done in it:
// create and join channels, post, edit and pin messages, open and stack views, hand
// out triggers and response URLs, read what a person types.
//
// It checks what holds whichever way something comes, such as that a message has
// content and its blocks are well formed, and refuses with Slack's codes. Who may
// ask, and in what form, is the business of webapi and of the control interface.
//
//	webapi, control/server ─► [Workspace] ─► events ─► publish, a function
//	                              │
//	                              └─► workspace.json, replaced as a whole
//
// Everything is behind one lock, which callers hold around what they do.
package workspace
