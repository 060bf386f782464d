// Package incident is Muster's domain: what an incident is, what may happen to
// it, and what follows when it does. It imports the standard library only.
//
// Every fact enters through one door. A transition is a pure function from an
// incident and a [Cause] to a [Change]; [Service] commits the change, whole or
// not at all; everything that people see is a consequence of a commit.
//
//	command, timer, receipt → transition → Change → Commit → notices, timers
//
// Three ideas carry the package:
//
//   - Timers are a function of the state ([Incident.deadlines]). No transition
//     arms or clears one by hand, so none can be forgotten.
//   - Notices are intents. They are rendered from the state at delivery, and
//     dropped there when they have become moot ([Notice.Moot]).
//   - What changes on the face of an incident refreshes its card, topic and
//     announcement in one place ([draft.change]).
//
// The states and the verbs that move between them are drawn in
// docs/state-machine.md, which a test holds to the table in status.go.
package incident
