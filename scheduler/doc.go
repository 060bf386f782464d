// Package scheduler is what the clock sends in: it claims the timers that are
// due and hands each to the incidents' service, which settles the claim in the
// commit of what follows from it.
//
// A tick each second, by robfig/cron, drives it; what is due is decided by the
// injected now. Any number of replicas may tick: a timer is claimed by one, and
// a doubled one finds its generation outdated.
//
//	tick → alive? → ClaimDue → Service.Fire → one commit (or Settle, when nothing follows)
//	              → LastSlot → Job.Run → one commit, which claims the slot
//
// What happens daily is a [Job]. Its slot is claimed in the commit of what it
// does, so that a slot is neither missed nor done twice.
package scheduler
