// Package templates is what people read: the posted messages, the answers to a
// command and the forms.
//
// The words are in words/*.tmpl. A file defines the parts that its message has,
// each rendered by itself, so that nothing a person wrote can pass for another
// part:
//
//	heading  one line, shown large
//	facts    short lines, shown in two columns
//	body     what happened
//	next     what the reader can do
//	note     the small print
//
// The same parts give a message's blocks and its plain text, which is complete:
// screen readers and notifications use it in place of the blocks.
//
//	Incident, Notice → page → words/*.tmpl → parts → text, blocks
//
// A template sees a [page], whose facts are of the type mrkdwn. Text from people
// becomes mrkdwn in one function, which escapes it ([page.say]); Slack's limits
// are met in one file, limits.go, by shortening and never by failing.
//
// A form and the reading of its fields are side by side, one file each
// (view_*.go).
package templates
