// Package sendertest is the suite that every sender passes: what the outbox relies
// on, whatever the medium. Each sender's tests bring it up against a [FarEnd], a
// stand-in for what it sends to, reached as the real one is: over a socket, on
// loopback.
//
//	sender's test ── open ──► Setup{Sender, FarEnd} ──► Run: each check, on a fresh one
//
// A sender tries once, since retries are the outbox's; it says what is known of a
// failure, and tells nobody a secret; it ends when it is asked to; and where an
// earlier attempt may have arrived it looks before it sends.
package sendertest
