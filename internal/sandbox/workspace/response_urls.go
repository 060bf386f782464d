package workspace

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"muster/internal/sandbox/refusal"
)

const (
	maxResponseUses = 5
	responseLife    = 30 * time.Minute // by the workspace's clock
)

// responseURL is a response URL: it lets the bot answer what a person did a few
// times, also where the bot is no member.
type responseURL struct {
	Channel string    `json:"channel"`
	User    string    `json:"user"`
	TS      string    `json:"ts,omitempty"` // the message that was acted on, if any
	Issued  time.Time `json:"born"`
	Used    int       `json:"used"`
}

// Reply is what a bot may send to a response URL, or in a command's ack.
type Reply struct {
	Content
	Type    string `json:"response_type"`
	Replace bool   `json:"replace_original"`
	Delete  bool   `json:"delete_original"`

	// What else Slack knows, and what makes no difference here.
	Channel     string `json:"channel"`
	Username    string `json:"username"`
	IconEmoji   string `json:"icon_emoji"`
	IconURL     string `json:"icon_url"`
	LinkNames   any    `json:"link_names"`
	Mrkdwn      any    `json:"mrkdwn"`
	UnfurlLinks any    `json:"unfurl_links"`
	UnfurlMedia any    `json:"unfurl_media"`
}

// ReadReply wants an answer without misspelt fields. Slack lets those be, and the
// answer comes out otherwise than its writer thinks.
func ReadReply(raw []byte) (Reply, error) {
	var given Reply
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&given); err != nil {
		return given, &refusal.Error{Code: "invalid_payload", Messages: []string{"[ERROR] " + err.Error()}}
	}
	if d.More() {
		return given, &refusal.Error{Code: "invalid_payload", Messages: []string{"[ERROR] more than one answer"}}
	}
	if !slices.Contains([]string{"", "ephemeral", "in_channel"}, given.Type) {
		return given, &refusal.Error{Code: "invalid_payload", Messages: []string{"[ERROR] must be ephemeral or in_channel [json-pointer:/response_type]"}}
	}
	return given, nil
}

// NewResponseURL hands out a response URL for what user did in a channel, to the message ts if there is one.
func (w *Workspace) NewResponseURL(ch *Channel, user, ts string) string {
	now := w.Now()
	if now.Sub(w.urlsSwept) >= sweepEvery {
		w.urlsSwept = now
		maps.DeleteFunc(w.Responses, func(_ string, r *responseURL) bool { return now.Sub(r.Issued) > responseLife })
	}
	id := secret(20)
	w.dirty = true
	w.Responses[id] = &responseURL{Channel: ch.ID, User: user, TS: ts, Issued: now}
	return w.URL + "/response/" + id
}

// UseResponseURL does what the bot asks through a response URL, or refuses it.
func (w *Workspace) UseResponseURL(id string, raw []byte) error {
	given, err := ReadReply(raw)
	if err != nil {
		return err
	}
	w.Lock()
	defer w.Unlock()
	r := w.Responses[id]
	switch {
	case r == nil || w.Now().Sub(r.Issued) > responseLife:
		return refusal.New("expired_url")
	case r.Used >= maxResponseUses:
		return refusal.New("used_url")
	}
	ch := w.Channel(r.Channel)
	if ch.Archived {
		return refusal.New("is_archived")
	}
	if given.Delete || given.Replace {
		err = w.replaceOriginal(ch, r, given)
	} else {
		err = w.PostReply(ch, r.User, given)
	}
	if err == nil {
		r.Used++
		w.dirty = true
	}
	return err
}

// replaceOriginal edits or deletes the message that the person acted on, where it is the
// bot's own: a shortcut on what somebody wrote gives no hold on their words.
func (w *Workspace) replaceOriginal(ch *Channel, r *responseURL, given Reply) error {
	m := ch.VisibleMessage(r.TS, r.User)
	if m == nil || m.BotID != BotID {
		return refusal.New("no_original")
	}
	if given.Delete {
		w.DeleteMessage(ch, m)
		return nil
	}
	next, err := w.Compose(ch, given.Content)
	if err != nil {
		return err
	}
	w.EditMessage(ch, m, func(m *Message) {
		m.Text, m.Blocks, m.Attachments = next.Text, next.Blocks, next.Attachments
	})
	return nil
}

// PostReply posts a reply: to the person alone, unless it is meant for the channel.
func (w *Workspace) PostReply(ch *Channel, user string, given Reply) error {
	m, err := w.Compose(ch, given.Content)
	if err != nil {
		return err
	}
	if given.Type == "in_channel" {
		w.Post(ch, m)
	} else {
		w.PostEphemeral(ch, user, m)
	}
	return nil
}
