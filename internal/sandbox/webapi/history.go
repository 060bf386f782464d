package webapi

import (
	"slices"
	"strconv"
	"strings"

	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

// history returns a channel's messages, newest first, without replies in threads.
func history(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	if !ch.HasMember(workspace.BotUser) {
		return nil, refusal.New("not_in_channel")
	}
	limit := c.args.number("limit")
	before, err := decodeCursor(c.args.text("cursor"), "next_ts")
	if err != nil {
		return nil, err
	}
	span, forward := newSpan(c), c.args.text("oldest") != "" && c.args.text("latest") == ""
	var fit []*workspace.Message // newest first
	for _, m := range slices.Backward(ch.Messages) {
		at := micros(m.TS)
		passed := before > 0 && (forward && at <= before || !forward && at >= before)
		if (m.ThreadTS == "" || m.Broadcast) && span.contains(at) && !passed {
			fit = append(fit, m)
		}
	}
	next := ""
	switch n := len(fit); {
	case n <= limit:
	case forward: // with "oldest" alone Slack gives those closest to it, and goes on from there
		fit = fit[n-limit:]
		next = encodeCursor("next_ts", micros(fit[0].TS))
	default:
		fit = fit[:limit]
		next = encodeCursor("next_ts", micros(fit[limit-1].TS))
	}
	var found []object
	for _, m := range fit {
		found = append(found, m.SlackJSON(ch, c.args.flag("include_all_metadata")))
	}
	return object{
		"messages": orEmpty(found), "has_more": next != "", "pin_count": len(ch.Pins),
		"channel_actions_ts": nil, "channel_actions_count": 0, "response_metadata": cursorMeta(next),
	}, nil
}

// replies returns a thread, oldest first, its parent at the top of each page.
func replies(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	if !ch.HasMember(workspace.BotUser) {
		return nil, refusal.New("channel_not_found")
	}
	parent := ch.Message(c.args.text("ts"))
	if parent != nil && parent.ThreadTS != "" {
		parent = ch.Message(parent.ThreadTS)
	}
	if parent == nil {
		return nil, refusal.New("thread_not_found")
	}
	span := newSpan(c)
	var answers []object
	for _, m := range ch.Replies(parent.TS) {
		if span.contains(micros(m.TS)) {
			answers = append(answers, m.SlackJSON(ch, c.args.flag("include_all_metadata")))
		}
	}
	some, next, err := pageOf(c, answers, max(c.args.number("limit")-1, 1)) // the parent takes a place
	if err != nil {
		return nil, err
	}
	all := append([]object{parent.SlackJSON(ch, c.args.flag("include_all_metadata"))}, some...)
	return object{"messages": all, "has_more": next != "", "response_metadata": cursorMeta(next)}, nil
}

// span is a stretch of time, in µs; its ends belong to it when inclusive.
type span struct {
	oldest, latest int64 // 0 is no end
	inclusive      bool
}

func newSpan(c *call) span {
	return span{micros(c.args.text("oldest")), micros(c.args.text("latest")), c.args.flag("inclusive")}
}

func (s span) contains(at int64) bool {
	if s.inclusive && (at == s.oldest || at == s.latest) {
		return true
	}
	return at > s.oldest && (s.latest == 0 || at < s.latest)
}

// micros reads a ts, which the gate has checked; "" and "now" are 0.
func micros(ts string) int64 {
	whole, fraction, _ := strings.Cut(ts, ".")
	n, _ := strconv.ParseInt(whole, 10, 64)
	f, _ := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	return n*1_000_000 + f
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
