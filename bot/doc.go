// Package bot puts one process together and runs it: the store, the socket to
// Slack, the scheduler, the outbox, the health page. It alone starts
// goroutines for loops, and stops them in the order in which work flows, so
// that whatever has been taken in is finished before what it needs goes away:
//
//	socket (intake, then handlers) → scheduler → outbox → store
package bot
