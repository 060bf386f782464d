// Package bot assembles one process and runs it: the store, the connection to
// Slack, the scheduler, the outbox, the health checks. Its services stop in the
// order in which work flows, so that whatever has been taken in is finished
// before what it needs goes away:
//
//	socket (intake, then handlers) → scheduler → outbox → store
package bot
