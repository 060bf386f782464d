// Package incident is Muster's domain: what an incident is, what may happen to
// it, and what follows when it does. Beside the standard library it
// imports three leaves: policy, notice and slackid.
//
// Every fact enters through one door. A transition is a pure function from an
// incident and an [Origin] to a [Change]; [Service] commits the change, whole or
// not at all; everything that people see is a consequence of a commit.
//
//	command, timer, receipt → transition → Change → Commit → notices, timers
//
// Three ideas carry the package:
//
//   - Timers are a function of the state ([Incident.deadlines]). No transition
//     arms or clears one by hand, so none can be forgotten.
//   - Notices are intents. They are composed from the state at delivery, and
//     dropped there when they have become obsolete ([Incident.Obsolete]).
//   - What changes of an incident's public fields refreshes its card, topic and
//     announcement in one place ([draft.change]).
//
// An [Incident] is a head of bounded size. What grows with what happens, its
// parts and its timeline, is beside it, and is loaded where it is wanted.
//
// The states and the verbs that move between them are drawn in
// docs/state-machine.md, which a test holds to the table in status.go.
package incident
