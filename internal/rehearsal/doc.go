// Package rehearsal plays a written incident in a local workspace: who does what
// when, and what Muster is expected to say.
//
//	scenario.yaml ─ read ─► Scenario ─ plan (policy, people) ─► moments ─ play ─► Report
//	                                                               │    ▲
//	                                                 the sandbox's control interface
//
// Reading finds all that is wrong with the file itself. Planning puts the
// organisation's figures and people in, and refuses a scenario that does not fit
// them. Playing goes from moment to moment: the clock is moved, people act, Muster
// has [grace] to say what it has to say, and then the expectations are checked.
//
// The package knows the workspace by its control interface only, over HTTP, and
// Muster by what it says there.
package rehearsal
