// Package sandboxtest drives a sandbox from tests, in the words of people who
// work in it: they type commands, click, submit, and see messages; the clock
// moves. It speaks to the control interface over HTTP and knows nothing else, so
// the same test runs against a workspace in this process or in another.
//
//	ws := sandboxtest.Dial(t, w.URL())
//	ws.Command("oncall", "#incidents", "/incident declare P1 payments down")
//	incident := ws.Channel("inc-1-")
//	ws.Advance(2 * time.Hour)
//	ws.ExpectMessage(incident.ID, "escalated to L2")
//
// Whatever waits does so on the workspace's changes, never by sleeping, and fails
// the test with a dump of what was there instead.
package sandboxtest
