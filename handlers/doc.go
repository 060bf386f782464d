// Package handlers is what Slack sends in. Whatever people can do is a verb, and
// all that varies by verb stands in its row: a file of its own (verb_*.go), one
// line of the table (table.go). A row says what is typed for the verb, how its
// text is read, what its form asks for, and which transition it leads to. What
// can be typed, pressed, chosen and filled in is derived from the rows, and so are
// the help, the nearest word and the app's usage hint.
//
// The router turns an envelope into a [Request] and finds its row; from there is
// one path, whichever way was asked:
//
//	envelope → Request → sender checked → row: arguments → transition → one commit → Reply → acknowledgement
//	                                           too few? → form
//
// A row acts before it returns, so that acknowledged means committed. It calls
// Slack for one thing only, to open a form, since the right to do that lasts three
// seconds; all else that people get to see is a notice of the commit, delivered by
// the outbox.
package handlers
