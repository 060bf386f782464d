// Package handlers is what Slack sends in. One table (table.go) maps each
// command, button, form and shortcut to its handler; the router turns an
// envelope into a [Request], finds the handler, and turns its [Reply] into
// what Slack takes as the acknowledgement. Help is derived from the same table.
//
//	envelope → Request → handler → incident.Service.Do → Reply → acknowledgement
//
// A handler commits before it returns, so that acknowledged means committed. It
// calls Slack for one thing only, to open a form, since the right to do that
// lasts three seconds; all else that people get to see is a notice of the
// commit, delivered by the outbox.
package handlers
