package slack_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/internal/notice"
	"muster/internal/outbox"
)

// conversation is a channel that keeps what is posted to it.
type conversation struct {
	messages []object // oldest first
}

func (r *conversation) post(form url.Values) object {
	var metadata object
	if err := json.Unmarshal([]byte(form.Get("metadata")), &metadata); err != nil {
		return object{"ok": false, "error": "invalid_metadata_format"}
	}
	ts := fmt.Sprintf("1700000001.%06d", len(r.messages))
	r.messages = append(r.messages, object{"ts": ts, "user": botU, "bot_id": botB, "text": form.Get("text"), "metadata": metadata})
	return object{"ok": true, "channel": form.Get("channel"), "ts": ts}
}

// history answers two messages a page, the newest first.
func (r *conversation) history(form url.Values) object {
	if form.Get("include_all_metadata") != "1" || form.Get("oldest") != "1699996400.000000" {
		return object{"ok": false, "error": "invalid_ts_oldest"}
	}
	end := len(r.messages)
	if cursor := form.Get("cursor"); cursor != "" {
		_, _ = fmt.Sscan(cursor, &end)
	}
	page, next := []object{}, ""
	for n := end - 1; n >= 0 && n >= end-2; n-- {
		page = append(page, r.messages[n])
	}
	if end > 2 {
		next = fmt.Sprint(end - 2)
	}
	return object{"ok": true, "messages": page, "response_metadata": object{"next_cursor": next}}
}

// dropsReply carries the call out and closes the connection.
func dropsReply(do method) http.HandlerFunc {
	return func(out http.ResponseWriter, in *http.Request) {
		do(in.PostForm)
		conn, _, err := http.NewResponseController(out).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}
}

func TestPost_Works_CarriesItsKey(t *testing.T) {
	w, r := newWorkspace(t), &conversation{}
	w.methods["chat.postMessage"] = r.post
	got, err := w.client().Send(t.Context(), delivery(notice.OpPost))
	if err != nil || got.Channel != "C0INC" || got.TS != "1700000001.000000" {
		t.Fatalf("receipt %+v, error %v", got, err)
	}
	form := w.forms("chat.postMessage")[0]
	for key, want := range map[string]string{
		"channel": "C0INC", "text": "Payments down", "unfurl_links": "false", "unfurl_media": "false",
		"metadata": `{"event_type":"muster_notice","event_payload":{"incident":"7th","key":"INC-7.1.0"}}`,
	} {
		if form.Get(key) != want {
			t.Errorf("%s: got %q, want %q", key, form.Get(key), want)
		}
	}
	if !strings.Contains(form.Get("blocks"), `"type":"section"`) {
		t.Errorf("blocks: %s", form.Get("blocks"))
	}
	if n := len(w.forms("conversations.history")); n != 0 {
		t.Errorf("looked %d times without a doubt", n)
	}
}

func TestPost_ReplyLost_IsLookedUp(t *testing.T) {
	w, r := newWorkspace(t), &conversation{}
	w.methods["chat.postMessage"], w.methods["conversations.history"] = r.post, r.history
	c := w.client()
	d := delivery(notice.OpPost)
	w.next(dropsReply(r.post))
	_, err := c.Send(t.Context(), d)
	_ = wantVerdict[*outbox.Unknown](t, err)
	w.meanwhile(func() {
		for n := range 5 { // people go on talking
			r.messages = append(r.messages, object{"ts": fmt.Sprintf("1700000002.00000%d", n), "user": "U0ANA", "text": "hm"})
		}
		// Slack adds types without notice, and some of what people post is odd.
		r.messages = append(r.messages,
			object{"ts": 17, "user": "U0ANA"},
			object{"ts": "1700000002.000009", "user": "U0ANA", "attachments": []object{{"id": "a text", "color": 7}}},
			object{"ts": "1700000002.000010", "user": "U0ANA", "blocks": []object{{"type": "actions", "elements": []object{{"type": "hologram"}}}}},
		)
	})
	d.InDoubt = true
	got, err := c.Send(t.Context(), d)
	if err != nil || got.TS != "1700000001.000000" || got.Channel != "C0INC" {
		t.Fatalf("receipt %+v, error %v", got, err)
	}
	if n := len(w.forms("chat.postMessage")); n != 1 {
		t.Errorf("posted %d times", n)
	}
}

func TestPost_InDoubtAndNotThere_IsPosted(t *testing.T) {
	w, r := newWorkspace(t), &conversation{}
	w.methods["chat.postMessage"], w.methods["conversations.history"] = r.post, r.history
	meta := func(key string) object {
		return object{"event_type": "muster_notice", "event_payload": object{"key": key}}
	}
	r.messages = []object{
		{"ts": "1.0", "user": "U0OTHER", "bot_id": "B0OTHER", "metadata": meta("INC-7.1.0")}, // not ours
		{"ts": "2.0", "user": botU, "bot_id": botB, "metadata": meta("INC-7.1.1")},           // another notice
		{"ts": "3.0", "user": "U0ANA"},
	}
	d := delivery(notice.OpPost)
	d.InDoubt = true
	got, err := w.client().Send(t.Context(), d)
	if err != nil || got.TS != "1700000001.000003" {
		t.Errorf("receipt %+v, error %v", got, err)
	}
}

func TestPost_InDoubtAndNotAMember_JoinsToLook(t *testing.T) {
	w, r := newWorkspace(t), &conversation{}
	joined := false
	w.methods["chat.postMessage"] = r.post
	w.methods["conversations.join"] = func(url.Values) object {
		joined = true
		return object{"ok": true, "channel": object{"id": "C0INC"}}
	}
	w.methods["conversations.history"] = func(form url.Values) object {
		if !joined {
			return object{"ok": false, "error": "not_in_channel"}
		}
		return r.history(form)
	}
	d := delivery(notice.OpPost)
	d.InDoubt = true
	if _, err := w.client().Send(t.Context(), d); err != nil || len(r.messages) != 1 {
		t.Errorf("error %v, %d messages", err, len(r.messages))
	}
}

func TestPost_DirectMessages_OpensTheConversationOnce(t *testing.T) {
	w, r := newWorkspace(t), &conversation{}
	w.methods["chat.postMessage"] = r.post
	w.methods["conversations.open"] = func(form url.Values) object {
		return object{"ok": true, "channel": object{"id": "D0" + form.Get("users")}}
	}
	c := w.client()
	d := delivery(notice.OpPost)
	d.To = outbox.Destination{User: "U0ANA"}
	for range 2 {
		got, err := c.Send(t.Context(), d)
		if err != nil || got.Channel != "D0U0ANA" {
			t.Fatalf("receipt %+v, error %v", got, err)
		}
	}
	if n := len(w.forms("conversations.open")); n != 1 {
		t.Errorf("opened %d times", n)
	}
}

func TestEdit_LongText_IsClipped(t *testing.T) {
	w := newWorkspace(t)
	w.methods["chat.update"] = func(form url.Values) object {
		return object{"ok": true, "channel": form.Get("channel"), "ts": form.Get("ts")}
	}
	d := delivery(notice.OpEdit)
	d.Content.Text = strings.Repeat("é", 5000)
	got, err := w.client().Send(t.Context(), d)
	if err != nil || got.Message != card {
		t.Fatalf("receipt %+v, error %v", got, err)
	}
	form := w.forms("chat.update")[0]
	if form.Get("channel") != string(card.Channel) || form.Get("ts") != card.TS {
		t.Errorf("edited %s in %s", form.Get("ts"), form.Get("channel"))
	}
	if n := len([]rune(form.Get("text"))); n != 4000 {
		t.Errorf("%d characters", n)
	}
	if !strings.Contains(form.Get("blocks"), `"type":"section"`) {
		t.Errorf("blocks: %s", form.Get("blocks"))
	}
}

func TestTopic_TooLong_IsClipped(t *testing.T) {
	w := newWorkspace(t)
	w.methods["conversations.setTopic"] = func(url.Values) object { return object{"ok": true, "channel": object{"id": "C0INC"}} }
	d := delivery(notice.OpTopic)
	d.Topic = strings.Repeat("a", 300)
	if _, err := w.client().Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if topic := []rune(w.forms("conversations.setTopic")[0].Get("topic")); len(topic) != 250 || topic[249] != '…' {
		t.Errorf("%d characters, the last is %q", len(topic), topic[len(topic)-1])
	}
}

func TestPin_PinnedAlready_IsDone(t *testing.T) {
	for _, answer := range []object{{"ok": true}, {"ok": false, "error": "already_pinned"}} {
		w := newWorkspace(t)
		w.methods["pins.add"] = func(url.Values) object { return answer }
		if _, err := w.client().Send(t.Context(), delivery(notice.OpPin)); err != nil {
			t.Errorf("%v: %v", answer, err)
		}
		if form := w.forms("pins.add")[0]; form.Get("channel") != "C0INC" || form.Get("timestamp") != "1.1" {
			t.Errorf("pinned %v", form)
		}
	}
}
