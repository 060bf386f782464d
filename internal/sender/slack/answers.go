package slack

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"path"
	"strconv"

	"muster/internal/slackjson"
)

// answers is what is read of Slack's answers, by the method: slack-go decodes the
// whole of a channel, message, view or profile, and fails where a part of it is new.
var answers = func() map[string]slackjson.Object {
	channel := slackjson.Object{"id": slackjson.Text, "name": slackjson.Text, "creator": slackjson.Text, "created": slackjson.Number, "is_archived": slackjson.Flag, "is_member": slackjson.Flag}
	ofChannel := slackjson.Object{"channel": channel.Cut}
	message := slackjson.Object{"channel": slackjson.Text, "ts": slackjson.Text}
	all := map[string]slackjson.Object{
		"auth.test":             {"team": slackjson.Text, "team_id": slackjson.Text, "user_id": slackjson.Text, "bot_id": slackjson.Text},
		"chat.postMessage":      message,
		"chat.update":           message,
		"conversations.archive": {},
		"conversations.create":  ofChannel,
		"conversations.history": {"messages": slackjson.List(slackjson.Object{
			"ts": slackjson.Text, "user": slackjson.Text, "bot_id": slackjson.Text,
			"metadata": slackjson.Object{"event_type": slackjson.Text, "event_payload": slackjson.Each(slackjson.Any)}.Cut,
		}.Cut)},
		"conversations.info":      ofChannel,
		"conversations.invite":    {},
		"conversations.join":      {},
		"conversations.open":      ofChannel,
		"conversations.setTopic":  {},
		"conversations.unarchive": {},
		"pins.add":                {},
		"usergroups.users.list":   {"users": slackjson.List(slackjson.Text)},
		"users.conversations":     {"channels": slackjson.List(channel.Cut)},
		"users.info": {"user": slackjson.Object{
			"id": slackjson.Text, "team_id": slackjson.Text, "tz": slackjson.Text, "deleted": slackjson.Flag, "is_bot": slackjson.Flag,
			"is_restricted": slackjson.Flag, "is_ultra_restricted": slackjson.Flag,
			"enterprise_user": slackjson.Object{"teams": slackjson.List(slackjson.Text)}.Cut,
		}.Cut},
		"views.open":   {},
		"views.update": {},
	}
	for _, answer := range all {
		maps.Copy(answer, outcome)
	}
	return all
}()

// outcome is what each answer says of whether it worked, and why not.
var outcome = slackjson.Object{
	"ok": slackjson.Flag, "error": slackjson.Text, "needed": slackjson.Text, "provided": slackjson.Text, "errors": slackjson.Any,
	"response_metadata": slackjson.Object{"next_cursor": slackjson.Text, "messages": slackjson.List(slackjson.Text)}.Cut,
}

// maxAnswer bounds what is read of one answer.
const maxAnswer = 64 << 20

// cutting is a transport whose answers hold only what Muster reads.
type cutting struct{ *http.Transport }

// RoundTrip carries a call out. What is not JSON is left as it is.
func (t cutting) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.Transport.RoundTrip(r)
	if err != nil {
		return nil, err //nolint:wrapcheck // the client's own
	}
	shape, known := answers[path.Base(r.URL.Path)]
	if !known || answer.StatusCode != http.StatusOK {
		return answer, nil
	}
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return nil, err
	}
	if cut, ok := shape.Cut(raw); ok {
		raw = cut
	}
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	answer.Header.Set("Content-Length", strconv.Itoa(len(raw)))
	return answer, nil
}
