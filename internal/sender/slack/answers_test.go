package slack_test

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"testing"

	slackgo "github.com/slack-go/slack"

	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/sender/slack"
	"muster/internal/slackid"
)

// odd is what Slack may add to its answers without notice, or has in another type
// than its documentation says.
var odd = object{
	"blocks":      []object{{"type": "actions", "elements": []object{{"type": "hologram"}}}, {"type": "input", "element": object{"type": "hologram"}}},
	"attachments": []object{{"id": "a text", "color": 7}}, "files": "none", "text": 7, "warning": 7, "topic": "a text", "num_members": "many",
	"profile": object{"status_expiration": "soon", "fields": 7}, "updated": "yesterday", "tz_offset": "east", "previous_names": 7,
	"state": 7, "title": 7, "hash": 7, "response_metadata": object{"warnings": "none", "next_cursor": 7, "messages": 7},
}

// oddly adds what is odd to an answer and to all objects in it.
func oddly(answer object) object {
	all := maps.Clone(odd)
	for name, value := range answer {
		switch value := value.(type) {
		case object:
			all[name] = oddly(value)
		case []object:
			list := []any{7, "a text", nil, object{"id": 7, "name": 7, "created": "now"}}
			for _, o := range value {
				list = append(list, oddly(o))
			}
			all[name] = list
		default:
			all[name] = value
		}
	}
	return all
}

// Nothing new in one of Slack's answers sinks what Muster reads of it.
func TestAnswers_WithOddParts_AreReadAllTheSame(t *testing.T) {
	channel := object{"id": "C0INC", "name": "inc-7-payments-down", "creator": botU, "created": declared.Unix(), "is_member": true}
	posted := object{"ok": true, "channel": "C0INC", "ts": "1.1", "message": object{"user": botU}}
	ofChannel := object{"ok": true, "channel": channel}
	ok := object{"ok": true}
	answers := map[string]object{
		"chat.postMessage": posted, "chat.update": posted, "conversations.create": ofChannel, "conversations.info": ofChannel,
		"conversations.open": ofChannel, "conversations.invite": ofChannel, "conversations.setTopic": ofChannel, "conversations.archive": ok,
		"pins.add": ok, "users.conversations": {"ok": true, "channels": []object{channel}}, "conversations.history": {"ok": true, "messages": []object{
			{"ts": "3.1", "user": botU, "metadata": object{"event_type": "muster_notice", "event_payload": object{"key": "INC-7.1.0", "incident": "7th"}}},
		}},
		"usergroups.users.list": {"ok": true, "users": []any{7, "U0ANA", nil}},
		"users.info":            {"ok": true, "user": object{"id": "U0ANA", "team_id": "T0", "is_restricted": true, "tz": "Asia/Tokyo"}},
		"views.open":            {"ok": true, "view": object{"id": "V1"}}, "views.update": {"ok": true, "view": object{"id": "V1"}},
	}
	send := func(op notice.Op, inDoubt bool, want notice.Receipt) func(context.Context, *slack.Client) bool {
		return func(ctx context.Context, c *slack.Client) bool {
			d := delivery(op)
			d.InDoubt, d.People = inDoubt, policy.NewPeople(nil, []slackid.Group{"S0LEADS"})
			got, err := c.Send(ctx, d)
			return err == nil && got.Message == want.Message && got.Name == want.Name && slices.Equal(got.Users, want.Users)
		}
	}
	inc := notice.Message{Channel: "C0INC"}
	made := notice.Receipt{Message: inc, Name: "inc-7-payments-down"}
	for name, works := range map[string]func(context.Context, *slack.Client) bool{
		"post":           send(notice.OpPost, false, notice.Receipt{Message: card}),
		"post, in doubt": send(notice.OpPost, true, notice.Receipt{Message: notice.Message{Channel: "C0INC", TS: "3.1"}}),
		"edit":           send(notice.OpEdit, false, notice.Receipt{Message: card}),
		"pin":            send(notice.OpPin, false, notice.Receipt{Message: card}),
		"topic":          send(notice.OpTopic, false, notice.Receipt{Message: inc}),
		"open":           send(notice.OpOpen, false, made),
		"open, in doubt": send(notice.OpOpen, true, made),
		"invite":         send(notice.OpInvite, false, notice.Receipt{Message: inc, Users: []slackid.User{"U0ANA"}}),
		"expand":         send(notice.OpExpand, false, notice.Receipt{Users: []slackid.User{"U0ANA"}}),
		"archive":        send(notice.OpArchive, false, notice.Receipt{Message: inc}),
		"unarchive":      send(notice.OpUnarchive, false, notice.Receipt{Message: inc}),
		"a direct message": func(ctx context.Context, c *slack.Client) bool {
			d := delivery(notice.OpPost)
			d.To.Channel, d.To.User = "", "U0ANA"
			got, err := c.Send(ctx, d)
			return err == nil && got.Message == card
		},
		"an account": func(ctx context.Context, c *slack.Client) bool {
			kind, err := c.Account(ctx, "U0ANA")
			return err == nil && kind == policy.Guest
		},
		"a time zone": func(ctx context.Context, c *slack.Client) bool {
			zone, err := c.Zone(ctx, "U0ANA")
			return err == nil && zone.String() == "Asia/Tokyo"
		},
		"a form": func(ctx context.Context, c *slack.Client) bool {
			return c.OpenView(ctx, "1.2.3", slackgo.ModalViewRequest{}) == nil && c.UpdateView(ctx, "V1", "", slackgo.ModalViewRequest{}) == nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			self := w.methods["auth.test"](nil)
			w.methods["auth.test"] = func(url.Values) object { return oddly(self) }
			for method, answer := range answers {
				w.methods[method] = func(url.Values) object { return oddly(answer) }
			}
			if !works(t.Context(), w.client()) {
				t.Error("it failed")
			}
		})
	}
}

// What Slack says of a refusal is still there.
func TestAnswers_Refusals_StaySaid(t *testing.T) {
	w := newWorkspace(t)
	w.methods["views.open"] = func(url.Values) object {
		return object{"ok": false, "error": "invalid_arguments", "response_metadata": object{"messages": []string{"[ERROR] too long"}}, "view": 7}
	}
	err := w.client().OpenView(t.Context(), "1.2.3", slackgo.ModalViewRequest{})
	answer, ok := errors.AsType[slackgo.SlackErrorResponse](err)
	if !ok || answer.Err != "invalid_arguments" || !slices.Equal(answer.ResponseMetadata.Messages, []string{"[ERROR] too long"}) {
		t.Errorf("got %v", err)
	}
}
