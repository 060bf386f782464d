// Package socketmode is Slack's Socket Mode: tickets, sockets, envelopes and their
// acknowledgements.
//
//	what people do ─► SendAndWait ─► envelope ─► any one socket ─► bot
//	                       ▲                                        │
//	                       └──────────── ack within 3 s ◄───────────┘
//	events ─► [Events] ─► envelope ─► …; without an ack again at once, after 1 and after 5 minutes
//
// Acks are timed in real time, since a clock that is moved by hand must not time
// anybody out; retries follow the workspace's clock. Faults delay, double, reorder
// and swallow envelopes, and end sockets.
package socketmode
