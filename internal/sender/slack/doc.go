// Package slack is the sender of the medium Slack, and all of Muster's side of
// Slack's Web API. It carries out the outbox's deliveries ([Client.Send]) and the
// few calls that a handler makes itself: opening and updating views, and answering
// through a response URL. Slack's limits are its own: how long a text may be
// (clip.go) and how often a method may be called ([Limits]).
//
// It does not retry. Each call is made once, and an error says what is known:
// refused for good, nothing arrived, or no clear answer (classify.go). Where an
// earlier attempt left a doubt, the delivery is looked up first: a post by the
// key in its metadata, a channel among those that this bot created.
//
// Facts about Slack that are not obvious from a method's name are cited where
// they are used; the reference is docs.slack.dev/reference/methods.
package slack
