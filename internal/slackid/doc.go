// Package slackid names the things of a Slack workspace that Muster refers to:
// users, channels and user groups. Each kind of ID is a type of its own, so
// that one cannot pass for another, and each knows how a message mentions it.
//
// It is a leaf: every other package may import it, and it imports none of them.
package slackid
