package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"

	"muster/internal/sandbox/blockkit"
)

const (
	responseUses = 5
	responseLife = 30 * time.Minute // by the workspace's clock
)

// response is a response URL: it lets the bot answer a person's deed a few
// times, also where the bot is no member.
type response struct {
	Channel string    `json:"channel"`
	User    string    `json:"user"`
	TS      string    `json:"ts,omitempty"` // the message that was acted on, if any
	Born    time.Time `json:"born"`
	Used    int       `json:"used"`
}

// reply is what a bot may send to a response URL, or in a command's ack.
type reply struct {
	Type     string `json:"response_type"`
	Text     string `json:"text"`
	Blocks   any    `json:"blocks"`
	Replace  bool   `json:"replace_original"`
	Delete   bool   `json:"delete_original"`
	ThreadTS string `json:"thread_ts"`
	Metadata object `json:"metadata"`

	Attachments []any `json:"attachments,omitempty"`
}

func (w *Workspace) newResponse(ch *Channel, user, ts string) string {
	id := secret(20)
	w.state.Responses[id] = &response{Channel: ch.ID, User: user, TS: ts, Born: w.Now()}
	return w.URL() + "/response/" + id
}

// serveResponse takes what a bot posts to a response URL.
func (w *Workspace) serveResponse(rw http.ResponseWriter, r *http.Request) {
	began := time.Now()
	var given reply
	code := ""
	if json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxBody)).Decode(&given) != nil {
		code = "invalid_payload"
	} else {
		code = w.respond(r.PathValue("id"), given)
		if err := w.save(); err != nil {
			w.log.Error("keep the sandbox's workspace", zap.Error(err))
			code = "internal_error"
		}
	}
	w.report(Entry{Kind: "response", Name: "response_url", OK: code == "", Error: code, MS: since(began), Detail: given})
	switch code {
	case "":
		_, _ = rw.Write([]byte("ok"))
	case "used_url", "expired_url":
		http.Error(rw, code, http.StatusNotFound)
	case "internal_error":
		http.Error(rw, code, http.StatusInternalServerError)
	default:
		http.Error(rw, code, http.StatusBadRequest)
	}
}

// respond does what the bot asks through a response URL, or says why not.
func (w *Workspace) respond(id string, given reply) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.state.Responses[id]
	switch {
	case r == nil || w.Now().Sub(r.Born) > responseLife:
		return "expired_url"
	case r.Used >= responseUses:
		return "used_url"
	}
	ch := w.state.channel(r.Channel)
	if ch.Archived {
		return "is_archived"
	}
	if given.Delete || given.Replace {
		if code := w.replace(ch, r, given); code != "" {
			return code
		}
	} else if code := w.say(ch, r.User, given); code != "" {
		return code
	}
	r.Used++
	w.dirty = true
	return ""
}

// replace edits or deletes the message that the person acted on, where it is the
// bot's own: a shortcut on what somebody wrote gives no hold on their words.
func (w *Workspace) replace(ch *Channel, r *response, given reply) string {
	m := ch.sent(r.TS, r.User)
	if m == nil || m.BotID != BotID {
		return "no_original"
	}
	if given.Delete {
		w.remove(ch, m)
		return ""
	}
	next, code := w.drafted(ch, given)
	if code != "" {
		return code
	}
	before := m.wire(ch, true)
	m.Text, m.Blocks, m.Attachments = next.Text, next.Blocks, next.Attachments
	m.Edited = &edit{User: BotUser, TS: w.state.stamp(w.Now())}
	if m.EphemeralTo == "" {
		w.tellChanged(ch, m, before)
	}
	return ""
}

// say posts a reply: to the person alone, unless it is meant for the channel.
func (w *Workspace) say(ch *Channel, user string, given reply) string {
	m, code := w.drafted(ch, given)
	if code != "" {
		return code
	}
	if given.Type == "in_channel" {
		w.post(ch, m)
		return ""
	}
	w.whisper(ch, user, m)
	return ""
}

// drafted is a reply as a message, checked as chat.postMessage checks one.
func (w *Workspace) drafted(ch *Channel, given reply) (*Message, string) {
	list, ok := given.Blocks.([]any)
	parent := ch.message(given.ThreadTS)
	switch {
	case given.Blocks != nil && !ok:
		return nil, "invalid_blocks_format"
	case strings.TrimSpace(given.Text) == "" && len(list) == 0 && len(given.Attachments) == 0:
		return nil, "no_text"
	case len(given.Attachments) > mostAttach:
		return nil, "too_many_attachments"
	case len(blockkit.Message(list)) > 0:
		return nil, "invalid_blocks"
	case given.ThreadTS != "" && (parent == nil || parent.ThreadTS != ""):
		return nil, "cannot_reply_to_message"
	}
	return &Message{
		User: BotUser, BotID: BotID, Text: linked(cutText(given.Text)), Blocks: w.nameBlocks(list), Attachments: given.Attachments,
		ThreadTS: given.ThreadTS, Metadata: given.Metadata,
	}, ""
}
