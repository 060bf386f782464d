package slack_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"muster/internal/notice"
	"muster/internal/sender/sendertest"
	"muster/internal/sender/slack"
)

func TestClient_AsASender_PassesTheSuite(t *testing.T) {
	sendertest.Run(t, func(t testing.TB) sendertest.Setup {
		far := newFarEnd(t)
		c := slack.New(slack.Options{Token: token, APIURL: far.server.URL + "/api/"})
		t.Cleanup(c.Close)
		return sendertest.Setup{Sender: c, Far: far, Delivery: delivery(notice.OpPost), Secrets: []string{token}}
	})
}

// farEnd is a workspace of one channel, before which requests fail as they are
// told to.
type farEnd struct {
	workspace *workspace
	channel   *conversation
	server    *httptest.Server
	held      chan struct{}

	mu      sync.Mutex
	failure sendertest.Failure
}

func newFarEnd(t testing.TB) *farEnd {
	f := &farEnd{workspace: newWorkspace(t), channel: &conversation{}, held: make(chan struct{}, 1), failure: sendertest.Works}
	f.workspace.methods["chat.postMessage"], f.workspace.methods["conversations.history"] = f.channel.post, f.channel.history
	f.server = httptest.NewServer(f)
	t.Cleanup(f.server.Close)
	return f
}

func (f *farEnd) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	f.mu.Lock()
	failure := f.failure
	f.mu.Unlock()
	_ = in.ParseForm()
	if strings.HasSuffix(in.URL.Path, "/auth.test") || failure == sendertest.Works {
		f.workspace.ServeHTTP(out, in)
		return
	}
	aside := httptest.NewRecorder()
	if failure != sendertest.ReplyLost { // it is noted, and not carried out
		f.workspace.next(func(http.ResponseWriter, *http.Request) {})
	}
	f.workspace.ServeHTTP(aside, in)
	f.fail(out, in, failure)
}

// fail answers a request as a failure does, with the token wherever there is
// room for it.
func (f *farEnd) fail(out http.ResponseWriter, in *http.Request, failure sendertest.Failure) {
	said := in.PostForm.Get("token")
	out.Header().Set("X-Token", said)
	switch failure {
	case sendertest.Limited:
		says(http.StatusTooManyRequests, said, "Retry-After", fmt.Sprint(int(sendertest.RetryAfter.Seconds())))(out, in)
	case sendertest.Trouble:
		says(http.StatusBadGateway, "<html>the request was: "+said)(out, in)
	case sendertest.Garbage:
		_, _ = io.WriteString(out, said)
	case sendertest.Refuses:
		_ = json.NewEncoder(out).Encode(object{"ok": false, "error": "is_archived", "response_metadata": object{"messages": []string{said}}})
	case sendertest.Hangs:
		f.held <- struct{}{}
		<-in.Context().Done()
	case sendertest.Dropped, sendertest.ReplyLost:
		if conn, _, err := http.NewResponseController(out).Hijack(); err == nil {
			_ = conn.Close()
		}
	}
}

func (f *farEnd) Fail(failure sendertest.Failure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failure = failure
}

func (f *farEnd) Attempts() int { return len(f.workspace.forms("chat.postMessage")) }

func (f *farEnd) Delivered(key string) (n int) {
	f.workspace.meanwhile(func() {
		for _, m := range f.channel.messages {
			if m["metadata"].(object)["event_payload"].(object)["key"] == key {
				n++
			}
		}
	})
	return n
}

func (f *farEnd) Held() <-chan struct{} { return f.held }

func (f *farEnd) Close() {
	f.server.CloseClientConnections()
	f.server.Close()
}
