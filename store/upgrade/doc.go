// Package upgrade converts what older schemas kept into what stores keep now. It is
// pure: a driver reads the old values, and puts the new ones in their place
// when it opens a store that an older Muster wrote.
//
//	document, timeline ─► Incident ─► head, summary, entries, parts
//	notice ─────────────► Notice ───► notice
//
// Schema 1 kept an incident as one document with its texts and dead letters,
// wrote sentences into its timeline, and quoted whole entries in notices. Now a
// text is in its entry alone, entries hold facts, dead letters are parts, and a
// notice names its entry by number. Since entries change, so does their chain:
// the old one is verified first, and a timeline that fails is refused.
//
// Schema 2 kept all but an incident's ID, which it gets here.
package upgrade
