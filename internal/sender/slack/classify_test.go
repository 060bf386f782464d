package slack_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/sender/slack"
	"muster/internal/slackid"
)

// wantVerdict is the verdict of one type in an error.
func wantVerdict[V error](t *testing.T, err error) V {
	t.Helper()
	v, ok := errors.AsType[V](err)
	if !ok {
		t.Fatalf("got %T (%v), want %T", err, err, v)
	}
	return v
}

// says answers with a status and a body.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(out http.ResponseWriter, _ *http.Request) {
		for n := 0; n+1 < len(headers); n += 2 {
			out.Header().Set(headers[n], headers[n+1])
		}
		out.WriteHeader(status)
		_, _ = io.WriteString(out, body)
	}
}

func no(code string) string { return fmt.Sprintf(`{"ok":false,"error":%q}`, code) }

func TestSend_EachAnswer_HasAVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error // but for Err
	}{
		"429":             {says(429, "", "Retry-After", "17"), &outbox.RetryLater{After: 17 * time.Second, Op: true, Reason: "Muster hit Slack's rate limit"}},
		"429 at once":     {says(429, "", "Retry-After", "0"), &outbox.RetryLater{After: time.Second, Op: true, Reason: "Muster hit Slack's rate limit"}},
		"429 untimed":     {says(429, ""), &outbox.RetryLater{After: 30 * time.Second, Op: true, Reason: "Muster hit Slack's rate limit"}},
		"ratelimited":     {says(200, no("ratelimited")), &outbox.RetryLater{After: 30 * time.Second, Op: true, Reason: "Muster hit Slack's rate limit"}},
		"rate_limited":    {says(200, no("rate_limited")), &outbox.RetryLater{After: 30 * time.Second, Op: true, Reason: "Muster hit Slack's rate limit"}},
		"archived":        {says(200, no("is_archived")), &outbox.Refused{Reason: "the channel is archived"}},
		"unknown code":    {says(200, no("brand_new")), &outbox.Refused{Reason: "Slack refused: brand_new"}},
		"bad blocks":      {says(200, `{"ok":false,"error":"invalid_blocks","errors":["must be more [json-pointer:/blocks]"]}`), &outbox.Refused{Reason: "Slack doesn't accept the message's layout"}},
		"scope":           {says(200, `{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"commands"}`), &outbox.Refused{Reason: "Muster's Slack app is missing the scope chat:write"}},
		"token":           {says(200, no("token_revoked")), &outbox.RetryLater{After: time.Minute, Operator: true, Reason: "Muster's Slack token was revoked"}},
		"no auth":         {says(200, no("invalid_auth")), &outbox.RetryLater{After: time.Minute, Operator: true, Reason: "Slack doesn't accept Muster's token"}},
		"internal":        {says(200, no("internal_error")), &outbox.Unknown{Reason: "Slack has a problem", Over: true}},
		"fatal":           {says(200, no("fatal_error")), &outbox.Unknown{Reason: "Slack has a problem", Over: true}},
		"unavailable":     {says(200, no("service_unavailable")), &outbox.Unknown{Reason: "Slack is down", Over: true}},
		"request timeout": {says(200, no("request_timeout")), &outbox.Unknown{Reason: "the request to Slack was cut off", Over: true}},
		"500":             {says(500, "<html>oops"), &outbox.Unknown{Reason: "Slack didn't give a clear answer", Over: true}},
		"503":             {says(503, ""), &outbox.Unknown{Reason: "Slack didn't give a clear answer", Over: true}},
		"502":             {says(502, "<html>oops"), &outbox.Unknown{Reason: "Slack didn't give a clear answer"}},
		"504":             {says(504, ""), &outbox.Unknown{Reason: "Slack didn't give a clear answer"}},
		"redirect":        {says(307, "", "Location", "/elsewhere"), &outbox.Unknown{Reason: "Slack didn't give a clear answer"}},
		"html":            {says(200, "<html>hello"), &outbox.Unknown{Reason: "Slack didn't give a clear answer"}},
		"cut off":         {says(200, `{"ok":tr`), &outbox.Unknown{Reason: "Slack didn't give a clear answer"}},
		"empty":           {says(200, `{}`), &outbox.Unknown{Reason: "Slack didn't give a clear answer"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.next(c.answer)
			_, err := w.client().Send(t.Context(), delivery(notice.OpPost))
			if got, want := shape(err), shape(c.want); got != want {
				t.Errorf("\ngot  %s\nwant %s\n(%v)", got, want, err)
			}
		})
	}
}

// shape is a verdict without its cause.
func shape(err error) string {
	if v, ok := errors.AsType[*outbox.RetryLater](err); ok {
		return fmt.Sprintf("later %s op=%t operator=%t %s", v.After, v.Op, v.Operator, v.Reason)
	}
	if v, ok := errors.AsType[*outbox.Refused](err); ok {
		return "refused " + v.Reason
	}
	if v, ok := errors.AsType[*outbox.Unknown](err); ok {
		return fmt.Sprintf("unknown over=%t %s", v.Over, v.Reason)
	}
	return fmt.Sprintf("no verdict: %T", err)
}

func TestSend_ConnectionRefused_LeavesNoDoubt(t *testing.T) {
	w := newWorkspace(t)
	c := w.client()
	w.server.Close()
	_, err := c.Send(t.Context(), delivery(notice.OpPost))
	if v := wantVerdict[*outbox.RetryLater](t, err); v.Op || v.Reason != "Muster couldn't reach Slack" {
		t.Errorf("verdict %+v", v)
	}
}

func TestSend_HostWithoutAddress_LeavesNoDoubt(t *testing.T) {
	c := slack.New(slack.Options{Token: token, APIURL: "http://slack.invalid/api/"})
	defer c.Close()
	_, err := c.Send(t.Context(), delivery(notice.OpPost))
	_ = wantVerdict[*outbox.RetryLater](t, err)
}

func TestSend_ContentOfAnotherMedium_IsRefused(t *testing.T) {
	for _, op := range []notice.Op{notice.OpPost, notice.OpEdit} {
		w := newWorkspace(t)
		d := delivery(op)
		d.Content.Blocks = "<h1>Payments down</h1>"
		_, err := w.client().Send(t.Context(), d)
		if _ = wantVerdict[*outbox.Refused](t, err); len(w.calls) != 0 {
			t.Errorf("%s: %d calls", op, len(w.calls))
		}
	}
}

func TestSend_UnknownOp_IsRefused(t *testing.T) {
	_, err := newWorkspace(t).client().Send(t.Context(), delivery("dance"))
	_ = wantVerdict[*outbox.Refused](t, err)
}

// TestSend_EachOpFails_TellsNobodyTheToken lets everything fail, in every op.
func TestSend_EachOpFails_TellsNobodyTheToken(t *testing.T) {
	echo := func(out http.ResponseWriter, in *http.Request) {
		_, _ = io.WriteString(out, in.PostForm.Get("token"))
	}
	for _, answer := range []http.HandlerFunc{echo, says(500, token), says(200, no("invalid_auth")), says(429, ""), says(302, "", "Location", "http://slack.invalid/")} {
		for _, op := range notice.Ops() {
			w := newWorkspace(t)
			w.next(answer)
			d := delivery(op)
			d.People = policy.NewPeople(nil, []slackid.Group{"S0GROUP"})
			_, err := w.client().Send(t.Context(), d)
			if err == nil {
				t.Errorf("%s did not fail", op)
				continue
			}
			var told bytes.Buffer
			for e := err; e != nil; e = errors.Unwrap(e) {
				fmt.Fprintf(&told, "%v %+v %#v\n", e, e, e)
			}
			if strings.Contains(told.String(), token) {
				t.Errorf("%s: %s", op, told.String())
			}
		}
	}
}
