// Package server serves the control interface, which package control describes: what
// people do in the workspace, what scripts read of it, its clock and its faults.
//
//	POST ─► what a person does ─► the workspace ─► payload ─► the bot's ack ─► answer
//	GET  ─► what the workspace holds
//
// What cannot be done gets a 4xx answer that says what would be right; what reached
// the bot and failed there gets "ok": false with the error that a person would see.
package server
