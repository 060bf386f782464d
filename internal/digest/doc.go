// Package digest makes of the incidents' rows what managers read each day: what
// is open, the worst and the overdue first, and what happened since the last
// digest. It is pure: it reads rows and a period, and asks nobody.
//
//	slot → Commit(slot, notice) → lane → outbox: rows → New → words → channel
//
// The subject of its notice is the slot. What it says is made at delivery, so
// that a digest which comes late, after an outage of Muster, speaks of the moment
// at which it is read, and says that it is late.
package digest
