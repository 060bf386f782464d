// Package clock keeps the workspace's time. It runs at real speed with a lead that
// only grows, and can be moved.
//
// A [Mover] goes from one due time to the next, and stops at each until everything
// due then has been handled and delivered, by the workspace and by the bot that is
// attached to it:
//
//	advance 2h ─► freeze ─► settle ─► next due? ─ yes ─► jump, save ─► settle …
//	                                     └─ no ─► jump to the target ─► settle ─► resume
//
// The lead is saved before the bot can act on it, so that after a kill the clock is
// never earlier than what the bot has done.
package clock
