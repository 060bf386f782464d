// Package socketmode keeps the Socket Mode connection to Slack: it takes
// envelopes in, has a bounded number of workers handle them, and acknowledges
// each after its handler.
//
//	connection → client.go: queue → worker → Handler → acknowledgement → what follows it
//	   ├ connect_backoff.go: spaces out the opening of connections
//	   └ watchdog.go: notes when Slack was heard, and cuts a silent connection
//
// # The deadline of an envelope
//
// Slack waits 3 s for an acknowledgement. One moment, computed once when the
// envelope arrives, decides what can still become of it: its deadline, 2.2 s
// after its arrival, however long it waits for a worker. It is the deadline of
// the context that the [Handler] gets, and of everything below: router, service
// and store set none of their own. What is not committed by then never will be,
// and the rest of the 3 s is left for answering so. What takes longer than an
// answer may, such as a call of Slack's to show a message, follows the
// acknowledgement.
//
// An envelope whose 3 s are over is left alone: Slack has told the person that
// it failed, or sends it again.
package socketmode
