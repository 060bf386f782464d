// Package socketmode keeps this process connected to Slack: it takes envelopes
// in, has a bounded number of workers handle them, and acknowledges each after its
// handler.
//
//	keep.go ×2: one socket each ─► socket.go ─► client.go: queue → worker → Handler → acknowledgement → what follows it
//	   ├ backoff.go: how long until the next is opened
//	   └ cause.go: why one was lost or refused, in words
//
// # Two sockets
//
// Slack sends each payload to any one of an app's sockets, of which there can be
// ten. A process keeps two, so that one that breaks leaves the other; where an app
// has many, as with several replicas, a process makes do with one. When Slack wants
// one back (it warns some ten seconds before), the next is opened first, and the
// old one is read until Slack closes it.
//
// A socket that is lost is opened again within a quarter of a second. While none
// stands for 5 s the waits double, to 2.5 s, which keeps two sockets within the 50
// openings a minute that Slack allows; openings that Slack refuses double them to
// 30 s, or to what its Retry-After says.
//
// # Silence
//
// Muster pings each socket every 5 s, and counts whatever arrives as a sign of
// life: a pong, a ping of Slack's, an envelope. After 15 s of silence the next
// socket is opened, and after 30 s the silent one is closed. A server that never
// pings is thus as good as any other.
//
// # Acknowledgements
//
// An acknowledgement goes out on the socket that brought the envelope, or, where
// that is gone, on the other one. If it is lost all the same, Slack sends the
// envelope again or tells the person; what was committed is known by its request
// key and not done twice.
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
