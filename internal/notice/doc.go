// Package notice is what Muster has to say before it is said: an intent, whom
// it is for, and what came of it. It is a leaf: the domain makes notices, the
// stores keep them in lanes, the outbox composes and sends them, and none of
// these has to know another to speak of one.
//
//	incident, digest → Notice → a store's lane → Lease → outbox → Sender
//	                                  ↑                            │
//	                                  └── Retry ──── Receipt ──────┘
//
// A notice names its [Subject] instead of quoting it. What people read is made
// from the subject's state at the moment of delivery, so that a waiting notice
// never says what has become untrue.
package notice
