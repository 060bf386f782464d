// Package outbox delivers notices: everything that Muster says in Slack leaves
// through here, and nothing else calls Slack to say something.
//
// The store keeps one lane per destination. A [Dispatcher] takes the heads of
// lanes under a lease, sends each, and records what came of it in the same
// commit that pops the head. What happens to a head:
//
//	            ┌─ moot ───────────────────────────→ popped
//	take → read ┼─ private, or no channel ─────────→ dead letter
//	            └─ send ┬─ receipt ────────────────→ recorded and popped
//	                    ├─ Refused ────────────────→ dead letter
//	                    ├─ RetryLater ─────────────→ released until then
//	                    ├─ Unknown, panic, unclear → released, in doubt
//	                    └─ lease ran out ──────────→ another's, in doubt
//
// "In doubt" means that the attempt may have reached Slack: the next one looks
// for it there before it sends. That, and popping only after sending, is what
// makes a delivery happen once: a crash repeats the look, never the message.
// A head that still fails after [GiveUp] becomes a dead letter, so that its
// lane goes on.
//
// There is one retry layer, this one. Order within a lane, pacing, priority and
// merging are the store's, since they hold for all replicas together; this
// package only says how fast ([DefaultPace]).
package outbox
