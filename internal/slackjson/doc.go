// Package slackjson cuts what Slack sends down to what Muster reads of it.
//
// Slack adds types and fields without notice, and one element that a library cannot
// decode would make it refuse the whole: an answer, or the press of a button. A
// [Shape] lists what is read; the rest, and whatever is of another type than it
// should be, is left out before the library sees it.
//
//	raw ─ Shape ─► the same with less ─► slack-go's types
//
// It is a leaf: it knows JSON, and nothing of what Slack means by it.
package slackjson
