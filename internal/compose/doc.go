// Package compose makes deliveries of notices, one file for each kind of subject.
// It is where a notice meets the state of what it tells of, at the last moment
// before it is sent:
//
//	notice → read its subject → obsolete? → who gets it, and may see what
//	       → render → outbox.Delivery → receipt or failure → the subject's record
//
// Who gets a notice is the subject's to decide ([incident.Incident.Audience]), and
// so is what they may see of it ([incident.Incident.For]); this package is the one
// place that asks, so nothing is rendered from a subject that was not redacted.
package compose
