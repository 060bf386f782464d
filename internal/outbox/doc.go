// Package outbox delivers notices: everything that Muster says leaves through
// here, and nothing else speaks to people of its own accord.
//
// The store keeps a lane for each subject and destination, and a few beside for what
// nothing else may wait for, such as a channel's topic. A [Dispatcher] takes the heads
// of lanes under a lease, has each composed by the [Composer] of its subject's
// kind, sent by the [Sender] of its address's medium, and records what came of
// it in the same commit that pops the head. It knows neither an incident nor
// Slack. What happens to a head:
//
//	               ┌─ obsolete, no subject ────→ popped
//	take → compose ┼─ Refused ─────────────────→ dead letter
//	               └─ send ┬─ receipt ─────────→ recorded and popped
//	                       ├─ Refused ─────────→ dead letter
//	                       ├─ RetryLater ──────→ released until then
//	                       ├─ Unknown, panic ──→ released, in doubt
//	                       └─ lease ran out ───→ another's, in doubt
//
// "In doubt" means that the attempt may have arrived: the next one looks for it
// before it sends. That, and popping only after sending, is what makes a
// delivery happen once: a crash repeats the look, never the message. A head that
// still fails after [GiveUp] becomes a dead letter, so that its lane goes on.
//
// There is one retry layer, this one. Order within a lane, which lane goes first,
// pacing and merging are the store's, since they hold for all replicas together; how
// fast a medium may be used is its sender's to say. Some workers are kept for what is
// urgent, so that it never waits for slow sends of what is not.
package outbox
