// Package slacktypes holds what an app sends against Slack's own types: the
// blocks of its messages, and its views, against @slack/types.
//
//	traffic ── Sent ──► layouts ──► Check (check.mjs in Node) ──► violations
//
// The types say which properties and elements may be where, and nothing of
// lengths and counts; those are checked by package blockkit. Node takes seconds
// to read the types, so whoever has many layouts checks them in one go.
package slacktypes
