// Package rehearsal runs a scripted incident in a local workspace: who does what and
// when, and what Muster should say.
//
//	scenario.yaml ─ Parse ─► Scenario ─ plan (policy, people) ─► instants ─ run ─► Report
//	                                                                │    ▲
//	                                                  the sandbox's control interface
//
// Parsing finds all that is wrong with the file itself. Planning puts the
// organisation's deadlines and people in, and refuses a scenario that does not fit
// them. Running goes from instant to instant: the clock is moved, people act, Muster
// has [settleTime] to respond, and then the expectations are checked.
//
// The package knows the workspace by its control interface only, over HTTP, and
// Muster by what it says there.
package rehearsal
